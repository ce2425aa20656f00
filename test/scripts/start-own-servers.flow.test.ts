import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../store/database.js';
import { freePort } from '../../scripts/engines/ports.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.js';
import { useSharedSystem } from '../harness/use-system.js';
import { Command, run, runStart } from './command.js';

describe('npm start with TEMPORAL_ADDRESS and MONGODB_URI', () => {
  const system = useSharedSystem();
  const database = `start-${Date.now().toString(36)}`;
  let folder = '';
  let env: Record<string, string> = {};
  let command: Command | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chancery-start-'));
    env = {
      DATA_DIR: folder,
      PORT: String(await freePort()),
      WORKER_PORT: String(await freePort()),
      TEMPORAL_ADDRESS: system().temporalAddress,
      TEMPORAL_TASK_QUEUE: database,
      MONGODB_URI: system().mongoUri,
      MONGODB_DATABASE: database,
      DEMO_SERVICES: 'off',
    };
  });
  afterAll(async () => {
    await command?.interrupt();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('uses those servers and starts none, nor the services of the demo with DEMO_SERVICES=off', async () => {
    command = new Command([process.execPath, 'scripts/start.mjs'], { env });
    await command.prints('npm run demo');
    expect(command.output).not.toMatch(/Starting (MongoDB|Temporal)|of the demo|Demo/);
    const db = openDatabase({ uri: system().mongoUri, name: database });
    const offer = await db.issuances.findOne({});
    await db.close();
    const workflow = system().temporal.workflow.getHandle(`iss:default:${offer?._id ?? ''}`);
    expect((await workflow.describe()).taskQueue).toBe(database);
    const { code, output } = await command.interrupt();
    expect(code).toBe(0);
    expect(output).not.toContain('authorization-code');
    expect(readdirSync(folder).sort()).toEqual(['admin-client.json', 'logs', 'master-key']);
    await system().db.ping();
  });

  it('says so of a MongoDB that does not answer, without its address', async () => {
    const { code, output } = await runStart({ ...env, MONGODB_URI: 'mongodb://user:hunter2@127.0.0.1:9/' });
    expect(output).toBe('\nMongoDB does not answer, or refuses the login: start it, or correct MONGODB_URI.\n');
    expect(code).toBe(1);
  });

  it('can have the search attributes registered without npm start, again and again', async () => {
    const { workflowService, operatorService } = system().temporal.connection;
    await workflowService.registerNamespace({ namespace: database, workflowExecutionRetentionPeriod: msToTs('1 day') });
    const register = () =>
      run([process.execPath, '--import', 'tsx', 'scripts/register-search-attributes.ts'], {
        env: { ...env, TEMPORAL_NAMESPACE: database, MASTER_KEY: system().masterKey },
      });
    await expect.poll(register, { timeout: 30_000 }).toEqual({ code: 0, output: 'The search attributes are registered.\n' });
    expect(await register()).toMatchObject({ code: 0 });
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace: database });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(SEARCH_ATTRIBUTES.map(({ name }) => name)));
  });

  it('lets the demo say that its services do not run', async () => {
    const { code, output } = await run([process.execPath, 'scripts/demo.mjs', '--flow', 'authorization-code'], {
      env: {
        PUBLIC_URL: system().url,
        ADMIN_CLIENT_ID: system().admin.clientId,
        ADMIN_CLIENT_SECRET: system().admin.clientSecret,
        DEMO_PROVIDER_PORT: String(await freePort()),
      },
    });
    expect(output).toMatch(
      /^\nThe demo services are not running \(nothing of them answers at http:\S+\): start the issuer .+\.\n$/,
    );
    expect(code).toBe(1);
  });

  it('lets the demo say that the management client is refused', async () => {
    const { code, output } = await run([process.execPath, 'scripts/demo.mjs'], {
      env: { PUBLIC_URL: system().url, ADMIN_CLIENT_ID: 'admin', ADMIN_CLIENT_SECRET: 'wrong' },
    });
    expect(output).toMatch(/^\nThe issuer refuses the management client: .+\.\n$/);
    expect(code).toBe(1);
  });
});
