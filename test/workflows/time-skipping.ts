import { fileURLToPath } from 'node:url';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll } from 'vitest';
import { locateTemporalTestServer } from '../../scripts/engines/locate.js';
import { SEARCH_ATTRIBUTE_TYPES } from '../../scripts/engines/search-attributes.js';
import { FAILURE_CONVERTER_PATH } from '../../worker/data-converter.js';
import type { CloseIssuanceInput, IssuanceActivities } from '../../workflows/activity-types.js';
import type { issuance } from '../../workflows/issuance.js';
import * as messages from '../../workflows/messages.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.js';
import { redeem, redemption, scenarioInput, type IssuanceHandle } from './scenarios.js';

/** What makes an issuance of a test: `expiresIn` and the like count from its start, in seconds. */
export interface IssuanceSetUp {
  readonly input?: Partial<messages.IssuanceInput>;
  /** Seconds the offer lives. */
  readonly expiresIn?: number;
  readonly activities?: Partial<IssuanceActivities>;
  /** Whether a redemption comes in its very first task, as after a time without workers. */
  readonly redeemsAtStart?: boolean;
}

/** A running issuance, on a clock that can be put forward. */
export interface TimedIssuance {
  readonly handle: IssuanceHandle;
  readonly input: messages.IssuanceInput;
  /** What `closeIssuance` was called with. */
  readonly closed: readonly CloseIssuanceInput[];
  readonly state: () => Promise<messages.IssuanceState>;
  /** The answer to the redemption that came in the first task. */
  readonly firstRedemption: Promise<messages.RedeemTokenResult> | undefined;
  /** Redeems the offer; the token lives until 300 seconds after the start, unless told otherwise. */
  readonly redeem: (change?: Partial<messages.RedeemTokenRequest>) => Promise<messages.RedeemTokenResult>;
  /** Milliseconds since the epoch, on the server's clock. */
  readonly now: () => Promise<number>;
  /** Milliseconds since the epoch, so many seconds after the start. */
  readonly at: (seconds: number) => number;
  /** Lets the time pass up to so many seconds after the start. */
  readonly goTo: (seconds: number) => Promise<void>;
  /** Seconds after the start at which it was over, rounded. */
  readonly secondsTaken: () => Promise<number>;
}

const TASK_QUEUE = 'issuances';

/** One Temporal server with a clock of its own for a test file; the result runs an issuance and what a test does with it. */
export function useTimeSkipping(): (setUp: IssuanceSetUp, drive: (issuance: TimedIssuance) => Promise<void>) => Promise<void> {
  let environment: TestWorkflowEnvironment | undefined;
  let worker: Worker | undefined;
  let working: Promise<void> | undefined;
  const sessions = new Sessions();

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
    const path = await locateTemporalTestServer();
    environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
      client: { dataConverter: { failureConverterPath: FAILURE_CONVERTER_PATH } },
    });
    // The server knows how to add search attributes, and not how to list them.
    await environment.connection.operatorService.addSearchAttributes({
      namespace: 'default',
      searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map(({ name, type }) => [name, SEARCH_ATTRIBUTE_TYPES[type].wire])),
    });
    worker = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue: TASK_QUEUE,
      workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
      dataConverter: { failureConverterPath: FAILURE_CONVERTER_PATH },
      activities: sessions.activities,
    });
    working = worker.run();
  });
  afterAll(async () => {
    worker?.shutdown();
    await working;
    await environment?.teardown();
  });

  return async (setUp, drive) => {
    if (environment === undefined) throw new Error('time can be skipped inside tests only');
    const issuance = await start(environment, sessions, setUp);
    try {
      await drive(issuance);
    } finally {
      // What a test leaves open would go on in the time of the next.
      await issuance.handle.terminate().catch(() => undefined);
    }
  };
}

/** The side effects of every test, told apart by session: one worker serves a whole file. */
class Sessions {
  readonly #activities = new Map<string, Partial<IssuanceActivities>>();
  readonly #closed = new Map<string, CloseIssuanceInput[]>();
  readonly activities: IssuanceActivities = {
    collectClaims: async (input) => this.#activities.get(input.sessionId)?.collectClaims?.(input),
    issueCredential: async (input) => this.#activities.get(input.sessionId)?.issueCredential?.(input),
    closeIssuance: async (input) => {
      await this.#activities.get(input.sessionId)?.closeIssuance?.(input);
      this.#closed.get(input.sessionId)?.push(input);
    },
  };

  /** Gives the list of what `closeIssuance` will be called with. */
  add(sessionId: string, activities: Partial<IssuanceActivities>): readonly CloseIssuanceInput[] {
    const closed: CloseIssuanceInput[] = [];
    this.#activities.set(sessionId, activities);
    this.#closed.set(sessionId, closed);
    return closed;
  }
}

async function start(environment: TestWorkflowEnvironment, sessions: Sessions, setUp: IssuanceSetUp): Promise<TimedIssuance> {
  const began = await environment.currentTimeMs();
  const at = (seconds: number) => began + 1000 * seconds;
  const expiresAt = at(setUp.expiresIn ?? 300);
  const input = scenarioInput({ name: 'timed', drive: () => Promise.resolve(), input: { expiresAt, ...setUp.input } });
  const closed = sessions.add(input.sessionId, setUp.activities ?? {});
  const { workflow } = environment.client;
  const workflowId = `iss:default:${input.sessionId}`;
  const options = { workflowId, taskQueue: TASK_QUEUE, args: [input] as [messages.IssuanceInput] };
  let firstRedemption: TimedIssuance['firstRedemption'];
  if (setUp.redeemsAtStart === true) {
    const startWorkflowOperation = new WithStartWorkflowOperation<typeof issuance>('issuance', {
      ...options,
      workflowIdConflictPolicy: 'FAIL',
    });
    firstRedemption = workflow.executeUpdateWithStart(messages.redeemToken, {
      startWorkflowOperation,
      args: [redemption({ tokenExpiresAt: at(300) })],
    });
    await startWorkflowOperation.workflowHandle();
  } else await workflow.start<typeof issuance>('issuance', options);
  const handle = workflow.getHandle<typeof issuance>(workflowId);
  return {
    handle,
    input,
    closed,
    at,
    firstRedemption,
    state: () => handle.query(messages.state),
    redeem: (change = {}) => redeem(handle, { tokenExpiresAt: at(300), ...change }),
    now: () => environment.currentTimeMs(),
    goTo: async (seconds) => environment.sleep(Math.max(0, at(seconds) - (await environment.currentTimeMs()))),
    secondsTaken: async () => Math.round(((await handle.describe()).closeTime?.getTime() ?? Number.NaN) / 1000 - began / 1000),
  };
}
