import { resolve } from 'node:path';
import { findOnPath } from './executables.js';
import { installEngines, type InstalledEngines } from './install.js';

/** How to start a MongoDB server, and which it is: a data folder belongs to the engine that made it. */
export interface MongoEngine {
  readonly kind: 'mongod' | 'secantusdb';
  readonly command: string;
  readonly args: readonly string[];
}

interface LocateOptions {
  readonly progress?: (line: string) => void;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** `temporal` on PATH, else the embedded one, made where missing. @throws {SetupError} */
export async function locateTemporal(options: LocateOptions = {}): Promise<string> {
  return findOnPath('temporal', path(options)) ?? (await embedded(options)).temporal;
}

/** The time-skipping server for workflow tests. @throws {SetupError} */
export async function locateTemporalTestServer(options: LocateOptions = {}): Promise<string> {
  return findOnPath('temporal-test-server', path(options)) ?? (await embedded(options)).temporalTestServer;
}

/** `mongod` on PATH, else the embedded server, made where missing. @throws {SetupError} */
export async function locateMongo(options: LocateOptions = {}): Promise<MongoEngine> {
  const mongod = findOnPath('mongod', path(options));
  if (mongod !== undefined) return { kind: 'mongod', command: mongod, args: [] };
  const [command, ...args] = (await embedded(options)).secantus;
  return { kind: 'secantusdb', command, args };
}

function path({ env = process.env }: LocateOptions): string {
  return env.PATH ?? '';
}

const found = new Map<string, Promise<InstalledEngines>>();

/** Looked for once in each process: to see that they are complete means to start Python. */
function embedded({ env = process.env, progress = () => undefined }: LocateOptions): Promise<InstalledEngines> {
  const folder = resolve(env.ENGINES_DIR === undefined || env.ENGINES_DIR === '' ? '.engines' : env.ENGINES_DIR);
  const key = JSON.stringify([folder, env.PATH]);
  const known = found.get(key);
  if (known !== undefined) return known;
  const looking = installEngines({ folder, progress, path: env.PATH ?? '' });
  found.set(key, looking);
  looking.catch(() => found.delete(key));
  return looking;
}
