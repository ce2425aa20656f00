// `node scripts/run.mjs api/main.ts` is `node --import tsx api/main.ts` at half the cost.
import { relative, resolve } from 'node:path';
import { load, root } from './compiled.mjs';

// The script finds its arguments where it would without us.
process.argv.splice(1, 1);
await load(relative(root, resolve(process.argv[1] ?? '')));
