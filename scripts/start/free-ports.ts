import type { Config } from '../../config/config.js';
import { isPortFree } from '../engines/ports.js';
import { SetupError } from '../engines/setup-error.js';
import type { StartSettings } from './settings.js';

/** @throws {SetupError} naming the first port in use, or used twice, and its variable */
export async function requireFreePorts({ config, settings }: { config: Config; settings: StartSettings }): Promise<void> {
  const wanted: [variable: string, port: number][] = [
    ['PORT', config.PORT],
    ['WORKER_PORT', config.WORKER_PORT],
    ...(settings.embeddedTemporal
      ? ([
          ['TEMPORAL_PORT', settings.temporalPort],
          ['TEMPORAL_UI_PORT', settings.temporalUiPort],
        ] as [string, number][])
      : []),
    ...(settings.embeddedMongo ? ([['MONGODB_PORT', settings.mongoPort]] as [string, number][]) : []),
    ...Object.entries(settings.demoPorts ?? {}),
  ];
  const seen = new Map<number, string>();
  for (const [variable, port] of wanted) {
    if (port === 0)
      throw new SetupError(`${variable} needs a port from 1 to 65535: \`npm start\` waits for the process at that port.`);
    const other = seen.get(port);
    if (other !== undefined) throw new SetupError(`${other} and ${variable} are both ${port}: set one of them to another port.`);
    seen.set(port, variable);
    if (!(await isPortFree(port))) {
      throw new SetupError(
        `Port ${port} (${variable}) is in use by another program: stop that program, or set ${variable} to a free port.`,
      );
    }
  }
}
