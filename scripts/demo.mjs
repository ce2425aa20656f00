// Runs where perhaps no package is installed: nothing but Node's own modules in here.
import { existsSync } from 'node:fs';
import { load, root } from './compiled.mjs';

process.chdir(root);
if (existsSync('node_modules/tsx')) {
  await load('scripts/demo.ts');
} else {
  process.stderr.write(
    'The issuer is not running: start it with `npm start` (which also installs the packages) and try again.\n',
  );
  process.exitCode = 1;
}
