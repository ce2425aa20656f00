import { hostname } from 'node:os';
import { loadConfig } from '../config/config.js';
import { SetupError } from './engines/setup-error.js';
import { registerAtForeignTemporal } from './start/engines.js';

/** For deployments that do not use `npm start`: registers the search attributes at TEMPORAL_ADDRESS. Safe to repeat. */
async function main(): Promise<void> {
  const warning = await registerAtForeignTemporal(loadConfig({ env: process.env, hostname: hostname() }));
  if (warning !== undefined) throw new SetupError(warning);
  console.log('The search attributes are registered.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
