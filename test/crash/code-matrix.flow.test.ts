import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evidenceOf } from '../../api/holder/hook-result.js';
import { workflowIdOf } from '../../api/issuance-client.js';
import type { ManagedProcess } from '../../scripts/engines/managed-process.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import { sealStep } from '../../store/holder-steps.js';
import { startClaimsSource, type ClaimsSourceServer } from '../flows/claims-source-server.js';
import { claimsIn } from '../flows/credential-claims.js';
import { HookBackend } from '../flows/hook-backend.js';
import { IssuerBackend } from '../flows/issuer-backend.js';
import { ringOf } from '../flows/issuer-secrets.js';
import { startLightProvider, type LightProvider } from '../flows/light-provider.js';
import { ReusableOffers } from '../flows/reusable-offers.js';
import type { System } from '../harness/system.js';
import { useOwnSystem } from '../harness/use-system.js';
import { CodeJourney, DEPARTMENT, type CodeStep } from './code-journey.js';
import { CODE_MOMENTS, steps, stepsAfter, stepsBefore, type CodeMoment, type CodeWay } from './code-moments.js';
import { startFaultServer, type Hold } from './fault-server.js';
import { within } from './within.js';

const faults = await startFaultServer();

const system = useOwnSystem({
  env: {
    FAULT_POINT: faults.setting,
    OUTBOUND_ALLOWED_HOSTS: 'localhost',
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

const TYPE = 'urn:test:crashes';

let source: ClaimsSourceServer;
let provider: LightProvider;
let hook: HookBackend;
let offers: ReusableOffers;
let configurationId: string;
/** Who logged in so far, and as which users. */
const accounts = new Set<string>();
const usersOf = new Map<string, Set<string | undefined>>();

beforeAll(async () => {
  const backend = await IssuerBackend.login(system());
  provider = await startLightProvider({ claimsOf: (account) => ({ given_name: nameOf(account) }) });
  const { url, clientId, clientSecret } = provider;
  await backend.session.post('/v1/users/authentication-providers', {
    url,
    clientId,
    clientSecret,
    isDefault: true,
    forwardedRequestParameters: ['login_hint'],
    claimsToPersist: ['given_name'],
  });
  hook = await HookBackend.set(system().url, backend);
  offers = new ReusableOffers(system().url, backend);
  source = await startClaimsSource();
  source.behave((response, { query }) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ level: `level of ${query.who}` }));
  });
  configurationId = await backend.configuration({
    type: TYPE,
    claimMappings: {
      given_name: { mapFrom: 'claims.given_name', required: true },
      department: { mapFrom: 'claims.department', required: true },
      level: { mapFrom: 'claims.level', required: true },
    },
    claimSourceId: await backend.claimSource({
      name: 'HR system',
      url: source.url,
      requestMethod: 'GET',
      requestParameters: { who: { mapFrom: 'claims.given_name' } },
      authorization: { type: 'api-key', value: 'a-key-for-the-claims-source' },
    }),
  });
});
afterAll(async () => {
  faults.stop();
  await Promise.all([source.stop(), provider.stop()]);
});

const nameOf = (account: string) => `Holder ${account}`;

interface JourneyKind {
  readonly account: string;
  readonly way: CodeWay;
  readonly issuerState: string;
  readonly impatient?: boolean;
  readonly decisionAgeSeconds?: number;
}

function journeyOf({ account, way, issuerState, impatient = false, decisionAgeSeconds = 0 }: JourneyKind): CodeJourney {
  accounts.add(account);
  const answer = way === 'pending' ? ({ status: 'pending' } as const) : { claims: { department: DEPARTMENT } };
  return new CodeJourney({
    url: system().url,
    hook,
    configurationId,
    scope: `dc+sd-jwt:${TYPE}`,
    issuerState,
    account,
    answer,
    impatient,
    decisionAgeSeconds,
  });
}

interface Round {
  readonly offerId: string;
  readonly journeys: ReadonlyMap<CodeMoment, CodeJourney>;
}

/** Takes a journey to each moment, kills the victim, restarts it, and takes every journey to its end. */
async function round(victim: ManagedProcess): Promise<Round> {
  // As many places as holders: one that is lost would be missed.
  const offer = await offers.make([configurationId], { maximumClaims: CODE_MOMENTS.length });
  const journeys = new Map(
    CODE_MOMENTS.map((moment, index) => [moment, journeyOf({ account: `holder-${index}`, ...offer, ...moment })]),
  );
  await Promise.all([...journeys].map(([moment, journey]) => goAll(journey, stepsBefore(moment))));

  const holds: Hold[] = [];
  const underWay = new Map<CodeMoment, Promise<void>>();
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
      if (moment.reloads === true) await journey.reload();
      await goAll(journey, stepsAfter(moment));
    }),
  );
  return { offerId: offer.id, journeys };
}

async function goAll(journey: CodeJourney, all: readonly CodeStep[]): Promise<void> {
  for (const step of all) {
    // Of several codes that came to the wallet only one is good, and asking for another one spoils nothing.
    if (step === 'credential') await expectUsedUp(journey, journey.codes.slice(0, -1));
    await journey.go(step);
  }
}

async function expectUsedUp(journey: CodeJourney, codes: readonly string[]): Promise<void> {
  for (const code of codes) expect((await journey.redeemAgain(code)).json).toMatchObject({ error: 'invalid_grant' });
}

const ledgerOf = (sessionId: string) => system().db.issuedCredentials.find({ issuerId: DEFAULT_ISSUER_ID, sessionId }).toArray();

const resultOf = (workflowId: string): Promise<unknown> => system().temporal.workflow.getHandle(workflowId).result();

/** One credential with the claims of all, one ledger entry, nothing left of the holder, and no code that is good. */
async function expectAccepted(journey: CodeJourney): Promise<void> {
  const { sessionId, account, credentials, attempts } = journey;
  expect(credentials.map(claimsIn)).toEqual([
    expect.objectContaining({
      given_name: nameOf(account),
      department: DEPARTMENT,
      level: `level of ${nameOf(account)}`,
    }),
  ]);
  await expect(resultOf(workflowIdOf({ issuerId: DEFAULT_ISSUER_ID, sessionId }))).resolves.toEqual({
    outcome: 'accepted',
    issuedCount: 1,
  });
  const record = await system().db.issuances.findOne({ _id: sessionId });
  expect(record).toMatchObject({ outcome: 'accepted', closedAt: expect.any(Date) as Date });
  for (const erased of ['authorization', 'authentication', 'interaction', 'approval', 'collected'])
    expect(record).not.toHaveProperty(erased);
  expect((await ledgerOf(sessionId)).map(({ count, sealed }) => ({ count, sealed }))).toEqual([{ count: 1, sealed: undefined }]);
  await expectUsedUp(journey, journey.codes);
  expect(attempts.filter(({ status }) => status >= 500 && status !== 503)).toEqual([]);
}

const named = CODE_MOMENTS.map(
  (moment) => [`${moment.place} (${moment.way}${moment.impatient === true ? ', nobody asks again' : ''})`, moment] as const,
);

describe.each(VICTIMS)('SIGKILL of $victim', ({ processOf }) => {
  let done: Round;

  beforeAll(async () => {
    done = await round(processOf(system()));
  });

  it.each(named)('TOK-17 at %s: one credential, accepted', async (_name, moment) => {
    const journey = done.journeys.get(moment) as CodeJourney;
    await expectAccepted(journey);
    // Another login is only needed where what the first one brought was lost with its process.
    expect(journey.logins).toBeLessThanOrEqual(moment.place === 'callback.exchanged' ? 2 : 1);
  });

  it('AUT-10 no place of the offer is lost, or taken twice', async () => {
    const { db } = system();
    const { offerId, journeys } = done;
    const sessions = [...journeys.values()].map(({ sessionId }) => sessionId).sort();
    const places = await db.offerClaims.find({ issuerId: DEFAULT_ISSUER_ID, offerId }).toArray();
    expect(places.map(({ sessionId }) => sessionId).sort()).toEqual(sessions);
    const { claims } = await offers.read(offerId);
    expect(claims).toMatchObject({ started: sessions.length, issued: sessions.length, open: 0, failed: 0 });
  });

  it('every subject is one user', async () => {
    const { db } = system();
    for (const [moment, { account, sessionId }] of done.journeys) {
      const { userId } = (await db.issuances.findOne({ _id: sessionId })) ?? {};
      // The same account logged in in each round, at the same moment.
      usersOf.set(account, (usersOf.get(account) ?? new Set()).add(userId));
      expect(usersOf.get(account)?.size, moment.place).toBe(1);
    }
    expect(await db.users.countDocuments({ issuerId: DEFAULT_ISSUER_ID })).toBe(accounts.size);
  });
});

describe('SIGKILL of all four while holders are away', () => {
  const AWAY = [
    { where: 'at the provider', way: 'prompt', next: 'login' },
    { where: 'at the hook', way: 'prompt', next: 'interaction' },
    { where: 'waiting for a decision', way: 'pending', next: 'decision' },
    { where: 'on the way back to the wallet', way: 'prompt', next: 'token' },
  ] as const satisfies readonly { where: string; way: CodeWay; next: CodeStep }[];
  const journeys = new Map<string, CodeJourney>();

  beforeAll(async () => {
    const { api, worker, temporalServer, mongoServer } = system();
    const offer = await offers.make([configurationId]);
    for (const { where, way } of AWAY) journeys.set(where, journeyOf({ account: where, way, ...offer }));
    const journeyAt = (where: string) => journeys.get(where) as CodeJourney;
    await Promise.all(AWAY.map(({ where, way, next }) => goAll(journeyAt(where), steps(way).slice(0, steps(way).indexOf(next)))));
    await Promise.all([api, worker, temporalServer, mongoServer].map((child) => child.kill('SIGKILL')));
    await Promise.all([api, worker, temporalServer, mongoServer].map((child) => child.start()));
    await Promise.all(AWAY.map(({ where, way, next }) => goAll(journeyAt(where), steps(way).slice(steps(way).indexOf(next)))));
  });

  it.each(AWAY)('$where: the return lands, one credential, accepted', async ({ where }) => {
    const journey = journeys.get(where) as CodeJourney;
    await expectAccepted(journey);
    expect(journey.logins).toBe(1);
  });
});

describe('a decision whose answer is lost until its token has expired', () => {
  it('is taken when it is sent again, and only if it was taken before', async () => {
    const { db } = system();
    const offer = await offers.make([configurationId]);
    const journey = journeyOf({ account: 'late', way: 'pending', decisionAgeSeconds: 3600, ...offer });
    await goAll(journey, ['authorize', 'login', 'interaction']);
    expect((await hook.decide(journey.decision)).json).toMatchObject({
      error: 'invalid_request',
      error_description: 'the session_token has expired',
    });

    // What a process leaves that dies at `decision.stored`.
    const { _id: sessionId = '' } = (await db.issuances.findOne({ offerId: offer.id })) ?? {};
    const evidenceHash = evidenceOf(journey.decision);
    const value = { result: 'completed', claims: { department: DEPARTMENT } } as const;
    const approval = sealStep({ ring: ringOf(system()), sessionId, step: 'approval', evidenceHash, value });
    await db.issuances.updateOne({ _id: sessionId, issuerId: DEFAULT_ISSUER_ID }, { $set: { approval } });
    expect((await hook.decide(journey.decision)).status).toBe(204);
    await goAll(journey, ['return', 'token', 'credential', 'notification']);
    await expectAccepted(journey);
  });
});
