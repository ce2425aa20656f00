import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { demoSecrets, hookSecret, keepHookSecret } from '../../../scripts/demo/demo-secrets.js';
import { freePort } from '../../../scripts/engines/ports.js';
import { ServerProcess } from '../../../scripts/engines/server-process.js';
import { exchange } from '../../flows/http-exchange.js';
import { run } from '../command.js';
import { useTemporaryFolders } from '../temporary-folder.js';

const newFolder = useTemporaryFolders();
const SCRIPT = [process.execPath, '--import', 'tsx', 'scripts/demo-services.ts'] as const;

async function freePorts(): Promise<Record<string, string>> {
  return {
    DEMO_PROVIDER_PORT: String(await freePort()),
    DEMO_HOOK_PORT: String(await freePort()),
    DEMO_CLAIMS_PORT: String(await freePort()),
  };
}

describe('the services of the demo', () => {
  it('run in one process, which keeps its secrets for the next and tells nobody', async () => {
    const folder = newFolder();
    const ports = await freePorts();
    const logFile = join(folder, 'demo.log');
    const server = new ServerProcess({
      name: 'The demo',
      script: 'scripts/demo-services.ts',
      port: Number(ports.DEMO_PROVIDER_PORT),
      env: { ...ports, DATA_DIR: folder, PUBLIC_URL: 'http://localhost:3999', NODE_ENV: 'development' },
      logFile,
    });
    const keyIds: unknown[] = [];
    const secrets: string[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      await server.start();
      const keys = (await exchange(`http://localhost:${ports.DEMO_PROVIDER_PORT}/jwks`)).json.keys as { kid: string }[];
      keyIds.push(keys[0]?.kid);
      const { apiKey, clientSecret, cookieKey } = await demoSecrets(folder);
      secrets.push(apiKey, clientSecret, cookieKey);
      const claims = await exchange(`http://localhost:${ports.DEMO_CLAIMS_PORT}/claims?email=aroha%40kauri.example`, {
        headers: { 'x-api-key': apiKey },
      });
      expect(claims.json).toHaveProperty('job_title');
      expect((await exchange(`http://localhost:${ports.DEMO_HOOK_PORT}/`)).text).toContain('Nothing waits');
      await server.stop();
    }
    expect(keyIds[0]).toBeDefined();
    expect(keyIds[1]).toBe(keyIds[0]);
    expect(statSync(join(folder, 'demo', 'services.json')).mode & 0o077).toBe(0);
    for (const secret of secrets) expect(server.log()).not.toContain(secret);
    expect(server.log()).not.toMatch(/WARNING|NOTICE/);
  });

  it('find the hook’s secret when somebody has told it', () => {
    const folder = newFolder();
    expect(hookSecret(folder)).toBeUndefined();
    keepHookSecret(folder, 'first');
    keepHookSecret(folder, 'second');
    expect(hookSecret(folder)).toBe('second');
    expect(statSync(join(folder, 'demo', 'hook-secret')).mode & 0o077).toBe(0);
  });

  it('say in one sentence that a port is taken', async () => {
    const ports = await freePorts();
    const other = createServer().listen(Number(ports.DEMO_HOOK_PORT), '127.0.0.1');
    const { code, output } = await run(SCRIPT, { env: { ...ports, DATA_DIR: newFolder() } });
    other.close();
    expect(output).toBe(
      `Port ${ports.DEMO_HOOK_PORT} (DEMO_HOOK_PORT) is in use by another program: stop that program, or set DEMO_HOOK_PORT to a free port.\n`,
    );
    expect(code).toBe(1);
  });

  it('do not run in production, nor at a port that is none', async () => {
    const production = await run(SCRIPT, { env: { NODE_ENV: 'production', DATA_DIR: newFolder() } });
    expect(production).toEqual({
      code: 1,
      output: 'The demo lets anybody log in as anybody: it does not run in production.\n',
    });
    const { code, output } = await run(SCRIPT, { env: { DEMO_HOOK_PORT: 'http', DATA_DIR: newFolder() } });
    expect(output).toBe('DEMO_HOOK_PORT: needs a port from 1 to 65535.\n');
    expect(code).toBe(1);
  });
});
