import { join } from 'node:path';
import { locateTemporal } from '../engines/locate.js';
import { freePort } from '../engines/ports.js';
import { TemporalServer } from '../engines/temporal-server.js';
import type { SubjectProcesses } from './subject.js';

/** A fresh Temporal server with the settings of `npm start`: the same for what is measured and for its floor. */
export async function startTemporal(processes: SubjectProcesses): Promise<TemporalServer> {
  const { folder } = processes;
  return processes.start(
    new TemporalServer({
      command: await locateTemporal(),
      folder: join(folder, 'temporal'),
      port: await freePort(),
      uiPort: await freePort(),
      logFile: join(folder, 'temporal.log'),
    }),
  );
}
