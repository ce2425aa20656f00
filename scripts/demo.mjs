// Runs where perhaps no package is installed: nothing but Node's own modules in here.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
if (existsSync('node_modules/tsx')) {
  const { register } = await import('tsx/esm/api');
  register();
  await import('./demo.ts');
} else {
  process.stderr.write(
    'The issuer is not running: start it with `npm start` (which also installs the packages) and try again.\n',
  );
  process.exitCode = 1;
}
