import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../api/issuance-client.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import type { ManagedProcess } from '../../scripts/engines/managed-process.js';
import { IssuerBackend } from '../flows/issuer-backend.js';
import { useOwnSystem } from '../harness/use-system.js';
import { Journey } from './journey.js';

const WALLETS = 8;
const DURATION_MS = 18_000;
/** Decides who is killed when: the same each time, for another order take another number. */
const SEED = 20_250_301;

const system = useOwnSystem({
  env: { CREDENTIAL_DEADLINE_MS: '3000', TOKEN_DEADLINE_MS: '2000', DEFERRED_INTERVAL_SECONDS: '1' },
});

/** Numbers from 0 to below 1 that follow from the seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe(`${WALLETS} wallets issue while processes are killed at random`, () => {
  const journeys: Journey[] = [];
  const killed: string[] = [];
  let configurationId: string;

  beforeAll(async () => {
    const backend = await IssuerBackend.login(system());
    configurationId = await backend.configuration();
    const options = { url: system().url, managementToken: backend.session.token, configurationId };
    const endsAt = Date.now() + DURATION_MS;

    const issueInLoop = async (keyed: boolean) => {
      // However slow the machine is, each has more than one.
      for (let begun = 0; begun < 2 || Date.now() < endsAt; begun += 1) {
        const journey = new Journey({ ...options, ...(keyed ? {} : { idempotencyKey: undefined }) });
        journeys.push(journey);
        for (const step of ['offer', 'token', 'nonce', 'credential', 'collection', 'notification'] as const)
          await journey.go(step);
      }
    };
    const killInLoop = async () => {
      const random = seeded(SEED);
      const { api, worker, temporalServer, mongoServer } = system();
      let left: ManagedProcess[] = [];
      while (Date.now() < endsAt) {
        // In random order, but everybody's turn comes.
        if (left.length === 0) left = [api, worker, temporalServer, mongoServer];
        const [victim = api] = left.splice(Math.floor(random() * left.length), 1);
        await delay(200 + 800 * random());
        await victim.kill('SIGKILL');
        killed.push(victim.name);
        await victim.start();
      }
    };
    await Promise.all([killInLoop(), ...Array.from({ length: WALLETS }, (_, index) => issueInLoop(index % 2 === 0))]);
  });

  it('each has been killed', () => {
    expect([...new Set(killed)].sort()).toEqual(['MongoDB', 'Temporal', 'api', 'worker']);
  });

  it('every wallet got one credential for every offer, and no credential twice', () => {
    expect(journeys.length).toBeGreaterThan(WALLETS);
    const credentials = journeys.flatMap((journey) => journey.credentials);
    expect(credentials).toHaveLength(journeys.length);
    expect(new Set(credentials).size).toBe(journeys.length);
  });

  it('nobody was answered 500', () => {
    const statuses = journeys.flatMap(({ attempts }) => attempts).filter(({ status }) => status >= 500 && status !== 503);
    expect(statuses).toEqual([]);
  });

  it('there are as many ledger entries and accepted issuances as offers, and each came to its end in Temporal', async () => {
    const { db, temporal } = system();
    for (const { offerId } of journeys) {
      const handle = temporal.workflow.getHandle(workflowIdOf({ issuerId: DEFAULT_ISSUER_ID, sessionId: offerId }));
      await expect(handle.result()).resolves.toEqual({ outcome: 'accepted', issuedCount: 1 });
    }
    const ledger = await db.issuedCredentials.find({ issuerId: DEFAULT_ISSUER_ID, configurationId }).toArray();
    const offers = journeys.map(({ offerId }) => offerId).sort();
    expect(ledger.map(({ sessionId }) => sessionId).sort()).toEqual(offers);
    expect(ledger.filter(({ sealed }) => sealed !== undefined)).toEqual([]);
    const accepted = await db.issuances.find({ issuerId: DEFAULT_ISSUER_ID, outcome: 'accepted' }).toArray();
    expect(accepted.map(({ _id }) => _id).sort()).toEqual(offers);
  });
});
