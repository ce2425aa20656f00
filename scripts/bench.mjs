// Runs where perhaps no package is installed.
import { prepare } from './prepare.mjs';

await prepare({ withDevelopmentPackages: false });
const { bench } = await import('./bench/bench.ts');
process.exitCode = await bench(process.argv.slice(2));
