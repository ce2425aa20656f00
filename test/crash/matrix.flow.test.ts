import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../api/issuance-client.js';
import type { ManagedProcess } from '../../scripts/engines/managed-process.js';
import type { IssuedCredentialsDocument } from '../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import { answering, notYet, startClaimsSource, type ClaimsSourceServer } from '../flows/claims-source-server.js';
import { IssuerBackend } from '../flows/issuer-backend.js';
import { statusIn } from '../flows/status-in-credential.js';
import type { System } from '../harness/system.js';
import { useOwnSystem } from '../harness/use-system.js';
import { startFaultServer, type Hold } from './fault-server.js';
import { Journey, type Step } from './journey.js';
import { MOMENTS, stepsAfter, stepsBefore, type Moment, type Way } from './moments.js';
import { within } from './within.js';

const faults = await startFaultServer();

const system = useOwnSystem({
  env: {
    FAULT_POINT: faults.setting,
    OUTBOUND_ALLOWED_HOSTS: 'localhost',
    CLAIMS_SOURCE_TIMEOUT_MS: '500',
    CREDENTIAL_DEADLINE_MS: '3000',
    DEFERRED_INTERVAL_SECONDS: '1',
  },
});

const VICTIMS: readonly { readonly victim: string; readonly processOf: (running: System) => ManagedProcess }[] = [
  { victim: 'API', processOf: ({ api }) => api },
  { victim: 'worker', processOf: ({ worker }) => worker },
  { victim: 'Temporal', processOf: ({ temporalServer }) => temporalServer },
  { victim: 'MongoDB', processOf: ({ mongoServer }) => mongoServer },
];

let source: ClaimsSourceServer;
let managementToken: string;
let configurations: Readonly<Record<Way, string>>;

beforeAll(async () => {
  const backend = await IssuerBackend.login(system());
  managementToken = backend.session.token;
  source = await startClaimsSource();
  const withSource = async (url: string) =>
    backend.configuration({
      claimSourceId: await backend.claimSource({
        name: 'HR system',
        url,
        requestMethod: 'GET',
        requestParameters: {},
        authorization: { type: 'api-key', value: 'a-key-for-the-claims-source' },
      }),
    });
  const plain = await backend.configuration({ includeStatus: true });
  configurations = {
    plain,
    withdrawn: plain,
    sourced: await withSource(source.url),
    deferred: await withSource(source.url.replace('/claims', '/late')),
  };
});
afterAll(async () => {
  faults.stop();
  await source.stop();
});

const journeyOf = ({ way, unkeyed }: Pick<Moment, 'way' | 'unkeyed'>, offer: Readonly<Record<string, unknown>> = {}) =>
  new Journey({
    url: system().url,
    managementToken,
    configurationId: configurations[way],
    offer,
    ...(unkeyed === true ? { idempotencyKey: undefined } : {}),
  });

interface Round {
  readonly journeys: ReadonlyMap<Moment, Journey>;
  /** Offers that nobody redeems, and whose time is over while the victim is down. */
  readonly abandoned: readonly Journey[];
}

/** Takes a journey to each moment, kills the victim, restarts it, and takes every journey to its end. */
async function round(victim: ManagedProcess): Promise<Round> {
  source.behave((response, request) => (request.path === '/late' ? notYet : answering({}))(response, request));
  const journeys = new Map(MOMENTS.map((moment) => [moment, journeyOf(moment)]));
  await Promise.all([...journeys].map(([moment, journey]) => goAll(journey, stepsBefore(moment))));
  const abandoned = await Promise.all([1, 2].map(() => abandonedOffer()));
  source.behave(answering({}));

  const holds: Hold[] = [];
  const underWay = new Map<Moment, Promise<void>>();
  for (const [moment, journey] of journeys) {
    const hold = faults.arm(moment.place);
    underWay.set(moment, journey.go(moment.step));
    await within(15_000, `${moment.place} to be reached`, hold.reached);
    holds.push(hold);
  }
  await victim.kill('SIGKILL');
  for (const hold of holds) hold.release();
  await victim.start();

  await Promise.all(
    [...journeys].map(async ([moment, journey]) => {
      await underWay.get(moment);
      await goAll(journey, stepsAfter(moment));
    }),
  );
  return { journeys, abandoned };
}

async function abandonedOffer(): Promise<Journey> {
  const journey = journeyOf({ way: 'plain' }, { expiresIn: { seconds: 2 } });
  await journey.go('offer');
  return journey;
}

async function goAll(journey: Journey, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    await journey.go(step);
    // Before anything is confirmed the same request has to bring the same bytes.
    if (step === 'collection') await expectSameCredential(journey);
  }
}

async function expectSameCredential(journey: Journey): Promise<void> {
  const repeated = await journey.repeatedRequest();
  expect(repeated.status).toBe(200);
  expect(JSON.parse(repeated.text)).toMatchObject({ credentials: journey.credentials.map((credential) => ({ credential })) });
}

const ledgerOf = (offerId: string) =>
  system().db.issuedCredentials.find({ issuerId: DEFAULT_ISSUER_ID, sessionId: offerId }).toArray();

const resultOf = (offerId: string): Promise<unknown> =>
  system()
    .temporal.workflow.getHandle(workflowIdOf({ issuerId: DEFAULT_ISSUER_ID, sessionId: offerId }))
    .result();

async function expectClosed(journey: Journey, outcome: string): Promise<void> {
  const { offerId } = journey;
  await expect(resultOf(offerId)).resolves.toMatchObject({ outcome });
  const record = await system().db.issuances.findOne({ _id: offerId });
  expect(record).toMatchObject({ outcome, closedAt: expect.any(Date) as Date });
  expect(record).not.toHaveProperty('claims');
  expect(record).not.toHaveProperty('collected');
}

/** The place that the credential names is that of its ledger entry, and was taken for it. */
async function expectOwnPlace(journey: Journey, entry: IssuedCredentialsDocument | undefined): Promise<void> {
  const { uri, index } = statusIn(journey.credentials[0]);
  const [place] = entry?.statuses ?? [];
  expect([uri.split('/').at(-2), index]).toEqual([place?.listId, place?.index]);
  const taken = await system().db.statusEntries.findOne({ _id: `${place?.listId ?? ''}/${String(index)}` });
  expect(taken?.ownerId).toBe(`${entry?._id ?? ''}/0`);
}

const named = (moments: readonly Moment[]) =>
  moments.map((moment) => [`${moment.place} (${moment.unkeyed === true ? 'unkeyed' : moment.way})`, moment] as const);

describe.each(VICTIMS)('SIGKILL of $victim', ({ processOf }) => {
  let done: Round;

  beforeAll(async () => {
    done = await round(processOf(system()));
  });

  const journeyAt = (moment: Moment) => done.journeys.get(moment) as Journey;

  it.each(MOMENTS.filter(({ way }) => way !== 'withdrawn'))('at $place ($way): one credential, accepted', async (moment) => {
    const journey = journeyAt(moment);
    expect(journey.credentials).toHaveLength(1);
    await expectClosed(journey, 'accepted');
    const ledger = await ledgerOf(journey.offerId);
    expect(ledger.map(({ count }) => count)).toEqual([1]);
    expect(ledger[0]).not.toHaveProperty('sealed');
    if (moment.way === 'plain') await expectOwnPlace(journey, ledger[0]);
    expect((await journey.repeatedRedemption()).json).toMatchObject({ error: 'invalid_grant' });
    expect(journey.attempts.filter(({ status }) => status === 500)).toEqual([]);
  });

  it.each(named(MOMENTS.filter(({ way }) => way === 'withdrawn')))('at %s: withdrawn, and no token', async (_name, moment) => {
    const journey = journeyAt(moment);
    await expectClosed(journey, 'withdrawn');
    expect((await journey.repeatedRedemption()).json).toMatchObject({ error: 'invalid_grant' });
    expect(journey.attempts.filter(({ status }) => status === 500)).toEqual([]);
  });

  it('while offers run out: they expire, and their claims are erased', async () => {
    for (const journey of done.abandoned) await expectClosed(journey, 'expired');
  });
});
