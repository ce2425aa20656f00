import { prepare } from './prepare.mjs';

await prepare({ withDevelopmentPackages: true });
const { check } = await import('./check/check.ts');
process.exitCode = await check(process.argv.slice(2));
