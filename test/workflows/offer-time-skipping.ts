import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll } from 'vitest';
import { locateTemporalTestServer } from '../../scripts/engines/locate.js';
import { SEARCH_ATTRIBUTE_TYPES } from '../../scripts/engines/search-attributes.js';
import { FAILURE_CONVERTER_PATH } from '../../worker/data-converter.js';
import type { EndOfferSessionsInput, OfferActivities, SetOfferStateInput } from '../../workflows/activity-types.js';
import type { offer } from '../../workflows/offer.js';
import { OFFER_WORKFLOW, type OfferInput } from '../../workflows/offer-messages.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.js';

export interface OfferSetUp {
  readonly input?: Partial<OfferInput>;
  /** Seconds from the start to the offer's end; without it the offer has none. */
  readonly expiresIn?: number;
  readonly activities?: Partial<OfferActivities>;
}

/** The workflow of a reusable offer, on a clock that can be put forward. */
export interface TimedOffer {
  readonly handle: WorkflowHandle<typeof offer>;
  /** What was done for it, in order: `state paused`, `end sessions`. */
  readonly done: readonly string[];
  /** Lets the time pass up to so many seconds after the start. */
  readonly goTo: (seconds: number) => Promise<void>;
  /** Seconds after the start at which it was over, rounded. */
  readonly secondsTaken: () => Promise<number>;
}

const TASK_QUEUE = 'offers';

/** One Temporal server with a clock of its own for a test file; the result runs an offer and what a test does with it. */
export function useTimedOffers(): (setUp: OfferSetUp, drive: (offer: TimedOffer) => Promise<void>) => Promise<void> {
  let environment: TestWorkflowEnvironment | undefined;
  let worker: Worker | undefined;
  let working: Promise<void> | undefined;
  const effects = new Effects();

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
    const path = await locateTemporalTestServer();
    environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
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
      activities: effects.activities,
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
    const timed = await start(environment, effects, setUp);
    try {
      await drive(timed);
    } finally {
      // What a test leaves open would go on in the time of the next.
      await timed.handle.terminate().catch(() => undefined);
    }
  };
}

/** The side effects of every test, told apart by offer: one worker serves a whole file. */
class Effects {
  readonly #activities = new Map<string, Partial<OfferActivities>>();
  readonly #done = new Map<string, string[]>();
  readonly activities: OfferActivities = {
    setOfferState: async (input: SetOfferStateInput) => {
      await this.#activities.get(input.offerId)?.setOfferState?.(input);
      this.#done.get(input.offerId)?.push(`state ${input.state}`);
    },
    endOfferSessions: async (input: EndOfferSessionsInput) => {
      await this.#activities.get(input.offerId)?.endOfferSessions?.(input);
      this.#done.get(input.offerId)?.push('end sessions');
    },
  };

  add(offerId: string, activities: Partial<OfferActivities>): readonly string[] {
    const done: string[] = [];
    this.#activities.set(offerId, activities);
    this.#done.set(offerId, done);
    return done;
  }
}

async function start(environment: TestWorkflowEnvironment, effects: Effects, setUp: OfferSetUp): Promise<TimedOffer> {
  const began = await environment.currentTimeMs();
  const { expiresIn } = setUp;
  const offerId = randomBytes(16).toString('base64url');
  const input: OfferInput = {
    issuerId: 'default',
    offerId,
    state: 'active',
    configurationIds: ['5f0c1c4e-0000-4000-8000-000000000001'],
    correlationId: 'correlation',
    ...(expiresIn === undefined ? {} : { expiresAt: began + 1000 * expiresIn }),
    ...setUp.input,
  };
  const done = effects.add(offerId, setUp.activities ?? {});
  const handle = await environment.client.workflow.start<typeof offer>(OFFER_WORKFLOW, {
    workflowId: `offer:default:${offerId}`,
    taskQueue: TASK_QUEUE,
    args: [input],
  });
  return {
    handle,
    done,
    goTo: async (seconds) => environment.sleep(Math.max(0, began + 1000 * seconds - (await environment.currentTimeMs()))),
    secondsTaken: async () => Math.round(((await handle.describe()).closeTime?.getTime() ?? Number.NaN) / 1000 - began / 1000),
  };
}
