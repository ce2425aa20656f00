import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locateTemporalTestServer } from '../../scripts/engines/locate.js';
import { FAILURE_CONVERTER_PATH } from '../../worker/data-converter.js';
import type { IssuanceActivities } from '../../workflows/activity-types.js';
import type { issuance } from '../../workflows/issuance.js';
import type { IssuanceInput } from '../../workflows/messages.js';
import * as messages from '../../workflows/messages.js';
import { failing, redeem, request, scenarioInput, type IssuanceHandle } from './scenarios.js';

const dataConverter = { failureConverterPath: FAILURE_CONVERTER_PATH };
let environment: TestWorkflowEnvironment;
let workflowBundle: WorkflowBundleWithSourceMap;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
  const path = await locateTemporalTestServer();
  environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
    client: { dataConverter },
  });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
    failureConverterPath: FAILURE_CONVERTER_PATH,
    logger: new DefaultLogger('ERROR'),
  });
});

afterAll(() => environment.teardown());

interface Run {
  readonly input?: Partial<IssuanceInput>;
  readonly activities?: Partial<IssuanceActivities>;
  /** Seconds the offer lives, by the server's clock. */
  readonly expiresInSeconds: number;
}

async function run<T>(
  { input = {}, activities = {}, expiresInSeconds }: Run,
  drive: (handle: IssuanceHandle, now: () => Promise<number>) => Promise<T>,
) {
  const nothing = () => Promise.resolve();
  const taskQueue = randomUUID();
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle,
    dataConverter,
    activities: { collectClaims: nothing, issueCredential: nothing, closeIssuance: nothing, ...activities },
  });
  return worker.runUntil(async () => {
    const now = () => environment.currentTimeMs();
    const full = {
      ...scenarioInput({ name: 'timers', input, drive: () => Promise.resolve() }),
      expiresAt: (await now()) + expiresInSeconds * 1000,
    };
    const options = { workflowId: `iss:default:${full.sessionId}`, taskQueue, args: [full] as [IssuanceInput] };
    return drive(await environment.client.workflow.start<typeof issuance>('issuance', options), now);
  });
}

describe('an issuance in time', () => {
  it('expires a week after its offer was made, when nobody comes', async () => {
    const { outcome, took } = await run({ expiresInSeconds: 604_800 }, async (handle, now) => {
      const started = await now();
      const result = await handle.result();
      return { outcome: result.outcome, took: (await now()) - started };
    });
    expect(outcome).toBe('expired');
    expect(took).toBeGreaterThanOrEqual(604_000_000);
  });

  it('expires when the wallet took a token and never asked for the credential', async () => {
    const result = await run({ expiresInSeconds: 300 }, async (handle, now) => {
      await redeem(handle, { tokenExpiresAt: (await now()) + 300_000 });
      return handle.result();
    });
    expect(result).toEqual({ outcome: 'expired', issuedCount: 0 });
  });

  it('SEC-02 refuses a code after its time, though no timer ran yet', async () => {
    await run({ expiresInSeconds: 60 }, async (handle) => {
      await environment.sleep('61s');
      await handle.result();
      await expect(redeem(handle)).rejects.toThrow();
    });
  });

  it('closes as unacknowledged, and erases, a day after issuing to a wallet that never confirms', async () => {
    const closed: unknown[] = [];
    const closeIssuance = (input: unknown) => {
      closed.push(input);
      return Promise.resolve();
    };
    const result = await run({ expiresInSeconds: 300, activities: { closeIssuance } }, async (handle, now) => {
      await redeem(handle, { tokenExpiresAt: (await now()) + 300_000 });
      await request(handle);
      return handle.result();
    });
    expect(result).toEqual({ outcome: 'issued_unacknowledged', issuedCount: 1 });
    expect(closed).toMatchObject([{ outcome: 'issued_unacknowledged', ledgerIds: [expect.stringMatching(/\/request$/)] }]);
  });

  it('goes on by itself when a claims source comes back after twenty minutes', async () => {
    const input = {
      configurations: [
        { id: scenarioInput({ name: '', drive: () => Promise.resolve() }).configurations[0]?.id ?? '', claimSourceId: 's' },
      ],
    };
    const result = await run(
      { expiresInSeconds: 300, input, activities: { collectClaims: failing(40) } },
      async (handle, now) => {
        await redeem(handle, { tokenExpiresAt: (await now()) + 300_000 });
        await request(handle);
        await handle.signal(messages.notification, { requestId: 'request', event: 'credential_accepted' });
        return handle.result();
      },
    );
    expect(result).toEqual({ outcome: 'accepted', issuedCount: 1 });
  });

  it('fails, for operators to see, when no credential could be made within the completion window', async () => {
    const activities = { issueCredential: failing(1_000_000, 'SignerError') };
    await run({ expiresInSeconds: 300, activities, input: { completionWindowSeconds: 120 } }, async (handle, now) => {
      await redeem(handle, { tokenExpiresAt: (await now()) + 300_000 });
      await expect(request(handle)).rejects.toMatchObject({ cause: { type: 'credential_request_denied' } });
      await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'IssuanceFault' } });
    });
  });
});
