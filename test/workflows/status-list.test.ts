import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ApplicationFailure } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locateTemporalTestServer } from '../../scripts/engines/locate.js';
import { SEARCH_ATTRIBUTE_TYPES } from '../../scripts/engines/search-attributes.js';
import { FAILURE_CONVERTER_PATH } from '../../worker/data-converter.js';
import type { PublishStatusListInput } from '../../workflows/activity-types.js';
import { ISSUANCE_PROBLEM, ISSUER_ID, SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.js';
import {
  publicationWorkflowIdOf,
  statusesChanged,
  STATUS_LIST_PUBLICATION_WORKFLOW,
} from '../../workflows/status-list-messages.js';

const TASK_QUEUE = 'status-lists';
/** What the activity does, by list; and how often it did it. */
const doing = new Map<string, () => Promise<void>>();
const published = new Map<string, number>();

let environment: TestWorkflowEnvironment;
let worker: Worker;
let working: Promise<void>;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
  environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: await locateTemporalTestServer() } },
    client: { dataConverter: { failureConverterPath: FAILURE_CONVERTER_PATH } },
  });
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map(({ name, type }) => [name, SEARCH_ATTRIBUTE_TYPES[type].wire])),
  });
  worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue: TASK_QUEUE,
    workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
    dataConverter: { failureConverterPath: FAILURE_CONVERTER_PATH },
    activities: {
      publishStatusList: async ({ listId }: PublishStatusListInput) => {
        await doing.get(listId)?.();
        published.set(listId, (published.get(listId) ?? 0) + 1);
      },
    },
  });
  working = worker.run();
});
afterAll(async () => {
  worker.shutdown();
  await working;
  await environment.teardown();
});

/** Says that a list has changed, as API and worker do. */
function change(listId: string) {
  const address = { issuerId: 'default', listId };
  return environment.client.workflow.signalWithStart(STATUS_LIST_PUBLICATION_WORKFLOW, {
    workflowId: publicationWorkflowIdOf(address),
    taskQueue: TASK_QUEUE,
    args: [address],
    signal: statusesChanged,
    typedSearchAttributes: [{ key: ISSUER_ID, value: address.issuerId }],
  });
}

describe('the publication of a changed list', () => {
  it('is made once for one change, and over then', async () => {
    const listId = randomUUID();
    await (await change(listId)).result();
    expect(published.get(listId)).toBe(1);
    await (await change(listId)).result();
    expect(published.get(listId)).toBe(2);
  });

  it('is made again for changes that come while it is made: once for all of them', async () => {
    const listId = randomUUID();
    const gate = { open: (): void => undefined, entered: false };
    const opened = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    doing.set(listId, () => {
      gate.entered = true;
      return opened;
    });
    const handle = await change(listId);
    await expect.poll(() => gate.entered).toBe(true);
    for (let changes = 0; changes < 5; changes += 1) await change(listId);
    gate.open();
    await handle.result();
    expect(published.get(listId)).toBe(2);
  });

  it('never misses a change, whenever it comes', async () => {
    const listId = randomUUID();
    const state = { changes: 0, seen: 0 };
    doing.set(listId, async () => {
      const { changes } = state;
      await new Promise((resolve) => setTimeout(resolve, 5));
      state.seen = changes;
    });
    for (let round = 0; round < 25; round += 1) {
      state.changes += 1;
      await change(listId);
      await new Promise((resolve) => setTimeout(resolve, round));
    }
    await expect.poll(() => state.seen, { timeout: 5000 }).toBe(25);
  });

  it('shows as stuck:signer while it cannot be made, and is made when it can', async () => {
    const listId = randomUUID();
    let left = 8;
    doing.set(listId, () => {
      left -= 1;
      return left >= 0 ? Promise.reject(ApplicationFailure.create({ type: 'SignerError' })) : Promise.resolve();
    });
    const handle = await change(listId);
    await environment.sleep('20s');
    expect((await handle.describe()).typedSearchAttributes.get(ISSUANCE_PROBLEM)).toBe('stuck:signer');
    await handle.result();
    expect((await handle.describe()).typedSearchAttributes.get(ISSUANCE_PROBLEM)).toBeUndefined();
    expect(published.get(listId)).toBe(1);
  });
});
