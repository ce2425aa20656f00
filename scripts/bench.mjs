// Runs where perhaps no package is installed.
import { load } from './compiled.mjs';
import { prepare } from './prepare.mjs';

await prepare({ withDevelopmentPackages: false });
const { bench } = await load('scripts/bench/bench.ts');
process.exitCode = await bench(process.argv.slice(2));
