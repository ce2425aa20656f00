import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import { exchange } from '../flows/http-exchange.js';
import { IssuerBackend } from '../flows/issuer-backend.js';
import { statusReferenceOf } from '../flows/status-verifier.js';
import { useOwnSystem } from '../harness/use-system.js';
import { Journey } from './journey.js';

const CREDENTIALS = Number(process.env.STATUS_SOAK_CREDENTIALS ?? '200');
const AT_ONCE = 32;
const PATIENCE_MS = 120_000 + 400 * CREDENTIALS;

// Small lists, so that many are opened while workers die.
const system = useOwnSystem({
  env: {
    CREDENTIAL_DEADLINE_MS: '3000',
    TOKEN_DEADLINE_MS: '2000',
    DEFERRED_INTERVAL_SECONDS: '1',
    STATUS_LIST_SIZE: '128',
  },
});

describe(`${CREDENTIALS} credentials with a status, ${AT_ONCE} at once, while workers are killed at random`, () => {
  const journeys: Journey[] = [];
  let kills = 0;
  let configurationId: string;

  beforeAll(async () => {
    const backend = await IssuerBackend.login(system());
    configurationId = await backend.configuration({ includeStatus: true });
    const options = { url: system().url, managementToken: backend.session.token, configurationId };
    const issuing = { over: false };

    const issueInLoop = async () => {
      while (journeys.length < CREDENTIALS) {
        const journey = new Journey(options);
        journeys.push(journey);
        for (const step of ['offer', 'token', 'nonce', 'credential', 'collection', 'notification'] as const)
          await journey.go(step);
      }
    };
    // Of two workers one goes on: both take places in lists at once, and there is always somebody to finish what was begun.
    const workers = [system().worker, await system().startAnotherWorker()];
    const killInLoop = async () => {
      while (!issuing.over) {
        await delay(500 + 2000 * Math.random());
        const victim = workers[kills % 2]!;
        await victim.kill('SIGKILL');
        kills += 1;
        await victim.start();
      }
    };
    const killing = killInLoop();
    const wallets = await Promise.allSettled(Array.from({ length: AT_ONCE }, issueInLoop));
    issuing.over = true;
    await killing;
    for (const wallet of wallets) if (wallet.status === 'rejected') throw wallet.reason;
  }, PATIENCE_MS);

  it('workers have been killed, and every holder has a credential', () => {
    expect(kills).toBeGreaterThan(1);
    expect(journeys).toHaveLength(CREDENTIALS);
    for (const { credentials } of journeys) expect(credentials).toHaveLength(1);
  });

  it('TSL-08 no two credentials have one place in a list', () => {
    const places = journeys
      .flatMap(({ credentials }) => credentials.map(statusReferenceOf))
      .map(({ uri, idx }) => `${uri}#${idx}`);
    expect(new Set(places).size).toBe(CREDENTIALS);
  });

  it("each place is that of the credential's own ledger entry, and of nobody else", async () => {
    const { db } = system();
    const filter = { issuerId: DEFAULT_ISSUER_ID, configurationId };
    const ledger = await db.issuedCredentials.find(filter, { projection: { sealed: 0 } }).toArray();
    expect(ledger).toHaveLength(CREDENTIALS);
    const bySession = new Map(ledger.map((entry) => [entry.sessionId, entry]));
    const entries = await db.statusEntries.find({ issuerId: DEFAULT_ISSUER_ID }).toArray();
    const owners = new Map(entries.map(({ _id, ownerId }) => [_id, ownerId]));
    for (const { offerId, credentials } of journeys) {
      const entry = bySession.get(offerId)!;
      const { idx, uri } = statusReferenceOf(credentials[0]!);
      const [place] = entry.statuses!;
      expect(place!.index).toBe(idx);
      expect(uri).toContain(`/status-lists/${place!.listId}/token`);
      expect(owners.get(`${place!.listId}/${idx}`)).toBe(`${entry._id}/0`);
    }
  });

  it('every list that a credential names can be fetched', async () => {
    const uris = new Set(journeys.map(({ credentials }) => statusReferenceOf(credentials[0]!).uri));
    expect(uris.size).toBeGreaterThan(1);
    for (const uri of uris) expect((await exchange(uri)).status).toBe(200);
  });
});
