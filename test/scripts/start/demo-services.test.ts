import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allowingDemoServices, withoutMissingDemo } from '../../../scripts/start/demo-services.js';
import { checkConfig, readStartSettings } from '../../../scripts/start/settings.js';
import { useTemporaryFolders } from '../temporary-folder.js';

const newFolder = useTemporaryFolders();
const PORTS = { DEMO_PROVIDER_PORT: 3010, DEMO_HOOK_PORT: 3011, DEMO_CLAIMS_PORT: 4000 };

describe('the services of the demo', () => {
  it('are to run, at ports that can be chosen, unless they are switched off', () => {
    expect(readStartSettings({ DEMO_CLAIMS_PORT: '4000' }).demoPorts).toEqual(PORTS);
    expect(readStartSettings({ DEMO_SERVICES: 'on', DEMO_CLAIMS_PORT: '4000' }).demoPorts).toEqual(PORTS);
    expect(readStartSettings({ DEMO_SERVICES: 'off' }).demoPorts).toBeUndefined();
  });

  it('never run in production', () => {
    const own = { NODE_ENV: 'production', TEMPORAL_ADDRESS: 'temporal.example:7233', MONGODB_URI: 'mongodb://db.example/' };
    expect(readStartSettings(own).demoPorts).toBeUndefined();
    expect(() => readStartSettings({ ...own, DEMO_SERVICES: 'on' })).toThrow(/^The demo lets anybody log in as anybody: /);
  });

  it('are left out, with a line that says so, where their packages are not installed', () => {
    const folder = newFolder();
    const said: string[] = [];
    const progress = (line: string) => void said.push(line);
    const settings = readStartSettings({});
    expect(withoutMissingDemo(settings, { progress, folder })).toEqual({ ...settings, demoPorts: undefined });
    expect(said).toEqual([expect.stringMatching(/^The demo of the authorization code flow is left out: .+\.$/)]);
    expect(withoutMissingDemo(readStartSettings({ DEMO_SERVICES: 'off' }), { progress, folder }).demoPorts).toBeUndefined();
    mkdirSync(join(folder, 'node_modules', 'oidc-provider'), { recursive: true });
    writeFileSync(join(folder, 'node_modules', 'oidc-provider', 'package.json'), '{}');
    expect(withoutMissingDemo(settings, { progress, folder })).toBe(settings);
    expect(said).toHaveLength(1);
  });

  it('may be called by API and worker, beside what they may call already', () => {
    const config = checkConfig({ MASTER_KEY: 'M-a-s-t-e-r-k-e-y-'.repeat(3).slice(0, 43), OUTBOUND_ALLOWED_HOSTS: 'claims.lan' });
    expect(allowingDemoServices(config, PORTS)).toEqual({
      OUTBOUND_ALLOWED_HOSTS: 'claims.lan,localhost:3010,localhost:3011,localhost:4000',
      OUTBOUND_ALLOWED_HOSTS_FILE: undefined,
    });
  });
});
