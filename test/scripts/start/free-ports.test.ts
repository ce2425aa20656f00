import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../scripts/engines/ports.js';
import { requireFreePorts } from '../../../scripts/start/free-ports.js';
import { addressEnvironment, checkConfig, readStartSettings } from '../../../scripts/start/settings.js';

const DEMO = ['DEMO_PROVIDER_PORT', 'DEMO_HOOK_PORT', 'DEMO_CLAIMS_PORT'];
const NAMES = ['PORT', 'WORKER_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'MONGODB_PORT', ...DEMO];

describe('the ports npm start needs', () => {
  let server: Server;
  let used = '';
  let free: Record<string, string> = {};
  beforeAll(async () => {
    used = String(await freePort());
    server = createServer().listen(Number(used), '127.0.0.1');
    free = Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, String(await freePort())] as const)));
  });
  afterAll(() => {
    server.close();
  });

  function check(env: Readonly<Record<string, string>>): Promise<void> {
    const settings = readStartSettings(env);
    const config = checkConfig({
      MASTER_KEY: Buffer.from(NAMES.join()).toString('base64url').slice(0, 43),
      ...addressEnvironment(settings),
      ...env,
    });
    return requireFreePorts({ config, settings });
  }

  it('may all be free', async () => {
    await expect(check(free)).resolves.toBeUndefined();
  });

  it.each(NAMES)('are named when in use: %s', async (name) => {
    await expect(check({ ...free, [name]: used })).rejects.toThrow(
      `Port ${used} (${name}) is in use by another program: stop that program, or set ${name} to a free port.`,
    );
  });

  it.each<[name: string, env: Record<string, string>]>([
    ['MONGODB_PORT', { MONGODB_URI: 'mongodb://db.example/' }],
    ['TEMPORAL_PORT', { TEMPORAL_ADDRESS: 'temporal.example:7233' }],
    ...DEMO.map((name): [string, Record<string, string>] => [name, { DEMO_SERVICES: 'off' }]),
  ])('%s does not matter where the server is not started here', async (name, env) => {
    await expect(check({ ...free, ...env, [name]: used })).resolves.toBeUndefined();
  });

  it('differ from each other', async () => {
    await expect(check({ ...free, WORKER_PORT: free.PORT ?? '' })).rejects.toThrow(/^PORT and WORKER_PORT are both \d+: /);
  });

  it('are known in advance', async () => {
    await expect(check({ ...free, PORT: '0' })).rejects.toThrow(/^PORT needs a port from 1 to 65535: /);
  });
});
