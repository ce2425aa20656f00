import { join } from 'node:path';
import { ProcessStartError, type ManagedProcess, type ProcessExit } from '../engines/managed-process.js';
import { setupSentence } from '../engines/setup-error.js';
import { openDataFolder } from './data-folder.js';
import { needsSeed, seedDemo } from './demo.js';
import { withoutMissingDemo } from './demo-services.js';
import { embeddedEngines, registerAtForeignTemporal } from './engines.js';
import { loadEnvFile } from './env-file.js';
import { requireFreePorts } from './free-ports.js';
import { KeepRunning } from './keep-running.js';
import { rotateLog } from './rotate-log.js';
import { ensureSecrets, markAdminClientShown } from './secrets.js';
import { createServers } from './servers.js';
import { addressEnvironment, checkConfig, readStartSettings } from './settings.js';
import { Shutdown } from './shutdown.js';
import { summary } from './summary.js';

/** Runs the whole of Chancery until it is told to stop. Exits with 0 then, and with 1 when it cannot serve. */
export async function start(): Promise<void> {
  const shutdown = new Shutdown();
  shutdown.onSignals();
  try {
    await bringUp(shutdown);
  } catch (error) {
    if (!shutdown.begun) await shutdown.stop({ code: 1, sentence: sentenceOf(error) });
  }
}

async function bringUp(shutdown: Shutdown): Promise<void> {
  loadEnvFile();
  const settings = withoutMissingDemo(readStartSettings(process.env), { progress });
  const { dataFolder } = settings;
  shutdown.after(openDataFolder(dataFolder));
  const { env: secrets, newAdminClient } = ensureSecrets({
    env: process.env,
    folder: dataFolder,
    production: settings.production,
  });
  const env = { ...secrets, ...addressEnvironment(settings) };
  const config = checkConfig({ ...process.env, ...env });
  await requireFreePorts({ config, settings });

  const keep = new KeepRunning({ progress, giveUp: (sentence) => void shutdown.stop({ code: 1, sentence }) });
  shutdown.before(() => {
    keep.stop();
  });
  const onUnexpectedExit = (child: ManagedProcess, exit: ProcessExit) => void keep.ended(child, exit);
  const logFolder = join(dataFolder, 'logs');
  for (const name of ['temporal', 'mongodb', 'api', 'worker', 'demo']) rotateLog(join(logFolder, `${name}.log`));

  const engines = await embeddedEngines({ config, settings, logFolder, progress, onUnexpectedExit });
  shutdown.manage('engines', ...engines);
  for (const { name } of engines) progress(`Starting ${name}`);
  await Promise.all(engines.map((engine) => engine.start()));
  if (!settings.embeddedTemporal) {
    const warning = await registerAtForeignTemporal(config);
    if (warning !== undefined) progress(warning);
  }
  const isToBeSeeded = !config.production && (await needsSeed(config, dataFolder));

  const { api, worker, demo } = createServers({ config, settings, env, logFolder, onUnexpectedExit });
  shutdown.manage('api', api);
  shutdown.manage('worker', worker);
  // The worker may still ask the demo's claims source.
  if (demo !== undefined) shutdown.manage('engines', demo);
  progress(`Starting the API and the worker${demo === undefined ? '' : ', and the services of the demo'}`);
  await Promise.all([api.start(), worker.start(), demo?.start()]);
  console.log(summary({ config, settings, ...(newAdminClient === undefined ? {} : { newAdminClient }) }));
  if (newAdminClient !== undefined) markAdminClientShown(dataFolder);
  if (!isToBeSeeded || (await seedDemo(env, settings)) || shutdown.begun) return;
  progress('The demo could not be set up; everything else runs.');
}

function progress(line: string): void {
  console.log(line);
}

function sentenceOf(error: unknown): string {
  if (error instanceof ProcessStartError) return error.message;
  const sentence = setupSentence(error);
  if (sentence !== undefined) return sentence;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
