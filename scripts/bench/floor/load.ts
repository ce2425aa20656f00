import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { RecordStep } from '../closed-loop.js';
import { serveGenerator } from '../generator-messages.js';
import type { Flow } from '../options.js';
import { FLOOR_EXPIRES_IN_MS, FLOOR_TASK_QUEUE, type FloorTarget } from './target.js';
import { authenticate, floor, redeem, request } from './workflow.js';

const DEADLINE_MS = 30_000;

serveGenerator<FloorTarget>(async ({ target }) => {
  const connection = await Connection.connect({ address: target.temporalAddress });
  const client = new Client({ connection });
  return {
    wallet: () => (record) => client.withDeadline(Date.now() + DEADLINE_MS, () => issue(client, { flow: target.flow, record })),
    close: () => connection.close(),
  };
});

async function issue(client: Client, { flow, record }: { flow: Flow; record: RecordStep }): Promise<void> {
  const workflowId = `floor:${randomBytes(16).toString('base64url')}`;
  let since = performance.now();
  const lap = (step: string) => {
    const now = performance.now();
    record(step, now - since);
    since = now;
  };
  const handle = await client.workflow.start(floor, { workflowId, taskQueue: FLOOR_TASK_QUEUE, args: [FLOOR_EXPIRES_IN_MS] });
  lap('start');
  if (flow === 'authorization-code') {
    await handle.executeUpdate(authenticate, { args: [workflowId], updateId: 'authenticate' });
    lap('authenticate');
  }
  await handle.executeUpdate(redeem, { args: [workflowId], updateId: 'redeem' });
  lap('redeem');
  await handle.executeUpdate(request, { args: [workflowId], updateId: 'request' });
  lap('request');
}
