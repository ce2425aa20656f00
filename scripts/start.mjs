import { prepare } from './prepare.mjs';

await prepare({ withDevelopmentPackages: false });
const { start } = await import('./start/start.ts');
await start();
