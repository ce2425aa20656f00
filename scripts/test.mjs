import { load } from './compiled.mjs';
import { prepare } from './prepare.mjs';

await prepare({ withDevelopmentPackages: true });
const { check } = await load('scripts/check/check.ts');
process.exitCode = await check(process.argv.slice(2));
