import { existsSync } from 'node:fs';
import { SetupError } from '../engines/setup-error.js';

/** Takes the variables of `.env`, where there is one, into the environment; what is set there already stays. @throws {SetupError} */
export function loadEnvFile(file = '.env'): void {
  if (!existsSync(file)) return;
  try {
    process.loadEnvFile(file);
  } catch (cause) {
    throw new SetupError(`${file} cannot be read: make it a readable file like .env.example, or remove it.`, { cause });
  }
}
