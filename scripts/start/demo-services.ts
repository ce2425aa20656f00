import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { DemoPorts } from '../demo/ports.js';
import type { Environment } from '../engines/managed-process.js';
import type { StartSettings } from './settings.js';

/** A development package that the demo's provider is made of. */
const PROVIDER_PACKAGE = join('node_modules', 'oidc-provider', 'package.json');

/**
 * Leaves the demo's services out where the packages they need are not installed, and says so.
 *
 * @param options.folder that `node_modules` is in
 */
export function withoutMissingDemo(
  settings: StartSettings,
  { progress, folder = '.' }: { progress: (line: string) => void; folder?: string },
): StartSettings {
  const { demoPorts, ...others } = settings;
  if (demoPorts === undefined || existsSync(join(folder, PROVIDER_PACKAGE))) return settings;
  progress('The demo of the authorization code flow is left out: it needs the development packages (`npm ci --include=dev`).');
  return others;
}

/** Lets API and worker call the demo's services, beside what they may call already. */
export function allowingDemoServices({ OUTBOUND_ALLOWED_HOSTS: allowed }: Config, ports: DemoPorts): Environment {
  const hosts = [...allowed, ...Object.values(ports).map((port) => `localhost:${port}`)];
  return { OUTBOUND_ALLOWED_HOSTS: hosts.join(','), OUTBOUND_ALLOWED_HOSTS_FILE: undefined };
}
