import { load } from './compiled.mjs';
import { prepare } from './prepare.mjs';

await prepare({ withDevelopmentPackages: false });
const { start } = await load('scripts/start/start.ts');
await start();
