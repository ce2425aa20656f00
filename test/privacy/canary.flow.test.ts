import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering, first, startClaimsSource, type ClaimsSourceServer } from '../flows/claims-source-server.js';
import { HOLDER_DATA } from '../../store/holder-data.js';
import { IssuerBackend } from '../flows/issuer-backend.js';
import { useOwnSystem } from '../harness/use-system.js';
import { CanaryJourneys, canaryPerson, badAnswers } from './canary-journeys.js';
import { badLogins, CanaryCodeJourneys } from './canary-code-journeys.js';
import { CanarySearch } from './canary-search.js';
import { malformedRequests } from './malformed-requests.js';
import { collectionPlaces, filePlaces, processPlaces, temporalPlaces, type Place } from './places.js';

const CONTEXT = 'https://issuer.example/contexts/canary';
const search = new CanarySearch();
const ADMIN_SECRET = search.seed(`admin-secret-${randomBytes(12).toString('hex')}`);

const system = useOwnSystem({
  env: {
    OUTBOUND_ALLOWED_HOSTS: 'localhost',
    OUTBOUND_MAX_BYTES: '4096',
    CLAIMS_SOURCE_TIMEOUT_MS: '500',
    CREDENTIAL_DEADLINE_MS: '2500',
    STUCK_AFTER_SECONDS: '1',
    ADMIN_CLIENT_SECRET: ADMIN_SECRET,
    LOG_LEVEL: 'debug',
  },
});

let source: ClaimsSourceServer;
let journeys: CanaryJourneys;
/** Offers whose issuances come to an end, and one whose claims and credential are still kept when the search begins. */
const over: string[] = [];
let running: string;
/** A session whose login and hook's answer are still kept then. */
let runningSession: string;
let codeJourneys: CanaryCodeJourneys;

/** Where a canary is, and how it looks there: nothing, if all is well. */
function found(places: readonly Place[]): readonly unknown[] {
  return places.flatMap(({ name, content }) => search.sightings(content).map((sighting) => ({ in: name, ...sighting })));
}

beforeAll(async () => {
  source = await startClaimsSource();
  search.add('master key', system().masterKey);
  search.add('token of the source', source.token);
  const address = { url: system().url, admin: { clientId: system().admin.clientId, clientSecret: ADMIN_SECRET } };
  journeys = new CanaryJourneys({ url: system().url, search, source, backend: await IssuerBackend.login(address) });
});
afterAll(() => Promise.all([source.stop(), codeJourneys.stop()]));

describe('issuances made of values that nobody may see', () => {
  const claims = canaryPerson(search, 'offer');

  it('go from the offer to the confirmed credential, with claims of the offer and of the user', async () => {
    const configuration = await journeys.backend.configuration();
    const persisting = { claimsToPersist: Object.keys(claims), transactionCodeConfiguration: { inputMode: 'text', length: 16 } };
    const session = await journeys.request(configuration, claims, persisting);
    expect(session.answer.status).toBe(200);
    await journeys.confirm(session);
    const again = await journeys.request(configuration, {}, { userId: session.offer.userId });
    expect(again.answer.status).toBe(200);
    await journeys.confirm(again);
    over.push(session.offer.id, again.offer.id);
  });

  it.each(['api-key', 'oauth'] as const)('get claims from a source behind %s', async (kind) => {
    source.behave(answering(canaryPerson(search, 'source')));
    const session = await journeys.request(await journeys.sourced(kind), claims);
    expect(session.answer.status).toBe(200);
    await journeys.confirm(session);
    over.push(session.offer.id);
  });

  it('are stuck at a source that fails, and complete', async () => {
    const failing = answering({ error: search.seed('failing-source') }, { status: 500 });
    source.behave(failing);
    const stuck = await journeys.request(await journeys.sourced('api-key'), claims);
    expect(stuck.answer.status).toBe(202);
    source.behave(first(1, failing, answering(canaryPerson(search, 'recovered'))));
    const collected = await journeys.collected(stuck);
    expect(collected.answer.status).toBe(200);
    await journeys.confirm(collected);
    over.push(stuck.offer.id);
  });

  it.each(badAnswers(search))('are denied or stuck after $name of the source', async ({ behaviour, status }) => {
    source.behave(behaviour);
    const { answer } = await journeys.request(await journeys.sourced('api-key'), claims);
    expect(answer.status).toBe(status);
  });

  it('are denied for claims that are missing, or that no credential can carry', async () => {
    const configuration = await journeys.backend.configuration();
    const { given_name: _required, ...tooFew } = claims;
    for (const unusable of [
      tooFew,
      { ...claims, _sd: [search.seed('reserved')], given_name: { _sd: search.seed('reserved') } },
    ]) {
      const { answer } = await journeys.request(configuration, unusable);
      expect(answer.json).toMatchObject({ error: 'credential_request_denied' });
    }
  });

  it('end after wrong transaction codes, or by their time', async () => {
    const configuration = await journeys.backend.configuration();
    const guessed = await journeys.offer(configuration, claims, { transactionCodeConfiguration: { length: 12 } });
    await journeys.guess(guessed);
    const expiring = await journeys.offer(configuration, claims, { expiresIn: { seconds: 1 } });
    over.push(guessed.id, expiring.id);
  });

  it('come as credentials of every format, which are kept or revoked', async () => {
    const { session } = journeys.backend;
    const post = async (path: string, body: unknown) => (await session.post(path, body)) as { id: string };
    const iaca = await post('/v2/credentials/mobile/iacas', { commonName: 'Canary IACA' });
    await session.put(`/v2/credentials/mobile/iacas/${iaca.id}`, { active: true });
    const given = { given_name: { mapFrom: 'claims.given_name', required: true } };
    const common = { claimMappings: given, expiresIn: { days: 3 } };
    const content = { '@context': { Person: 'https://issuer.example/Person', given_name: 'https://issuer.example/name' } };
    await post('/v2/credentials/web-semantic/contexts', { url: CONTEXT, content });
    const w3c = { name: 'Person', issuer: { name: 'Issuer' }, contexts: [CONTEXT], revocable: true, persist: true };
    for (const [profile, members, revocation] of [
      ['mobile', { claimMappings: { 'org.example': given }, includeStatus: true }, ['status', { status: 'invalid' }]],
      ['jwt', { includeStatus: true }, ['status', { status: 'invalid' }]],
      ['web-semantic', w3c, ['revocation-status', { isRevoked: true }]],
      ['compact', {}, ['revocation-status', { isRevoked: true }]],
    ] as const) {
      const type = profile === 'web-semantic' ? 'Person' : `org.example.canary.${profile}`;
      const { id } = await post(`/v2/credentials/${profile}/configurations`, { ...common, type, ...members });
      const issued = await journeys.request(id, claims);
      expect([profile, issued.answer.status]).toEqual([profile, 200]);
      await journeys.confirm(issued);
      const { data } = (await session.get(`/v1/users/${issued.offer.userId}/credentials`)) as { data: { id: string }[] };
      await session.post(`/v2/credentials/${profile}/${data[0]!.id}/${revocation[0]}`, revocation[1]);
      over.push(issued.offer.id);
    }
  });

  it('wait for their confirmation', async () => {
    const session = await journeys.request(await journeys.backend.configuration(), claims);
    expect(session.answer.status).toBe(200);
    running = session.offer.id;
  });
});

describe('sessions of the authorization code flow made of such values', () => {
  const claims = { provider: canaryPerson(search, 'provider'), hook: canaryPerson(search, 'hook') };
  const persisting = { claims: claims.hook, claimsToPersist: Object.keys(claims.hook) };

  beforeAll(async () => {
    const { backend } = journeys;
    source.behave(answering(canaryPerson(search, 'source-of-a-session')));
    const claimSourceId = await backend.claimSource({
      name: 'HR system',
      url: source.url,
      requestParameters: { name: { mapFrom: 'claims.given_name' } },
      authorization: { type: 'api-key', value: search.seed('api-key-of-a-session') },
    });
    codeJourneys = await CanaryCodeJourneys.open({ url: system().url, backend, search, claims }, claimSourceId);
  });

  it('get claims from provider, hook, source and the user they belong to', async () => {
    over.push(await codeJourneys.accepted(await codeJourneys.returned(persisting)));
    over.push(await codeJourneys.accepted(await codeJourneys.returned({ claims: {} }, await codeJourneys.registeredWallet())));
    const users = await system()
      .db.users.find({ authenticationProvider: { $exists: true } })
      .toArray();
    expect(users.map((user) => user.claims !== undefined)).toEqual([true]);
  });

  it('get them from a decision that was left open', async () => {
    over.push(await codeJourneys.accepted(await codeJourneys.decided(persisting)));
  });

  it('are refused by the hook or by the provider', async () => {
    const { wallet, location } = await codeJourneys.returned({ error: search.seed('error-of-the-hook') });
    expect(wallet.answerIn(location).get('error')).toBe('access_denied');
    expect((await codeJourneys.refused()).get('error')).toBe('access_denied');
  });

  it('are not logged in by a provider that answers badly', async () => {
    const offer = await codeJourneys.hostileOffer();
    for (const { name, set } of badLogins(search)) {
      set(codeJourneys.hostile);
      const { status, text } = await codeJourneys.spoilt(offer);
      expect([400, 503], `${name}: ${text}`).toContain(status);
    }
  });

  it('wait for their wallet', async () => {
    const { wallet, location } = await codeJourneys.returned(persisting);
    const code = wallet.answerIn(location).get('code') ?? '';
    runningSession = code.split('.')[0] ?? '';
    search.add('code that nobody redeems', code.split('.')[1] ?? '');
    for (const [index, secret] of codeJourneys.provider.secrets.entries()) search.add(`secret ${index} of the provider`, secret);
  });
});

describe('requests with such values where they do not belong', () => {
  it('are refused, or answered without them', async () => {
    const targets = { url: system().url, managementToken: journeys.backend.session.token, canary: search.seed('misplaced') };
    const places: Place[] = [];
    for (const [index, send] of malformedRequests(targets).entries()) {
      const { status, headers, text } = await send();
      expect(status, `request ${index}`).toBeLessThan(500);
      places.push({ name: `answer ${status} to request ${index}`, content: `${JSON.stringify([...headers])}\n${text}` });
    }
    expect(found(places)).toEqual([]);
  });
});

describe('nothing of it all', () => {
  it('is in answers by which wallets are refused', () => {
    expect(journeys.refusals.length).toBeGreaterThan(10);
    expect(codeJourneys.refusals.length).toBeGreaterThan(10);
    const refusals = [...journeys.refusals, ...codeJourneys.refusals];
    expect(found(refusals.map(({ text }, index) => ({ name: `refusal ${index}`, content: text })))).toEqual([]);
  });

  it('stays in the database once an issuance is over: its claims and credentials are erased', async () => {
    const ended = () =>
      system()
        .db.issuances.find({ _id: { $in: over }, closedAt: { $exists: true } })
        .toArray();
    await expect.poll(ended, { timeout: 20_000 }).toHaveLength(over.length);
    for (const record of await ended()) {
      for (const name of Object.keys(HOLDER_DATA)) expect(record).not.toHaveProperty(name);
    }
    const ledger = await system()
      .db.issuedCredentials.find({ sessionId: { $in: over } })
      .toArray();
    expect(ledger).toHaveLength(12);
    // What is kept on its issuer's wish stays under a key of its own.
    for (const entry of ledger) expect(entry.sealed === undefined).toBe(entry.persist !== true);
  });

  it('is in histories, search attributes, memos and failures, as stored or as decoded', async () => {
    const places = await temporalPlaces(system());
    const payloads = places.filter(({ name }) => name.startsWith('payloads')).map(({ content }) => content.toString());
    expect(payloads.some((content) => content.includes(`"sessionId":"${running}"`))).toBe(true);
    expect(payloads.filter((content) => content.includes('[unreadable'))).toEqual([]);
    expect(found(places)).toEqual([]);
  });

  it('is in any document, although claims and credentials are kept, sealed, while they are needed', async () => {
    const kept = await system().db.issuances.findOne({ _id: running });
    expect(kept?.claims).toBeDefined();
    expect((await system().db.issuedCredentials.findOne({ sessionId: running }))?.sealed).toBeDefined();
    const session = await system().db.issuances.findOne({ _id: runningSession });
    for (const name of ['authorization', 'authentication', 'interaction', 'returnTo']) expect(session).toHaveProperty(name);
    const places = await collectionPlaces(system());
    expect(places.map(({ content }) => content).join('\n')).toContain(running);
    expect(found(places)).toEqual([]);
  });

  it('is in the event log, as the management API gives it', async () => {
    const places: Place[] = [];
    for (let cursor = ''; ;) {
      const page = (await journeys.backend.session.get(`/v1/events?limit=1000${cursor}`)) as {
        nextCursor?: string;
        data: unknown[];
      };
      places.push({ name: 'events', content: JSON.stringify(page.data) });
      if (page.nextCursor === undefined) break;
      cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
    }
    expect(places[0]?.content.toString()).toContain('OPENID_');
    expect(found(places)).toEqual([]);
  });

  it('is in logs at debug level, of whatever process, and in metrics', async () => {
    const places = await processPlaces(system());
    expect(system().logs()).toContain('"msg":"request"');
    expect(found(places)).toEqual([]);
  });

  it("is in the engines' files, byte by byte", async () => {
    const { api, worker, temporalServer, mongoServer } = system();
    await Promise.all([api, worker].map((child) => child.kill('SIGKILL')));
    await Promise.all([temporalServer, mongoServer].map((child) => child.kill('SIGTERM')));
    const places = filePlaces(system());
    for (const engine of ['temporal', 'mongodb']) {
      const files = places.filter(({ name }) => name.startsWith(engine));
      for (const id of [running, runningSession]) {
        expect(
          files.some(({ content }) => Buffer.from(content).includes(id)),
          `${id} is found in ${engine}`,
        ).toBe(true);
      }
    }
    expect(found(places)).toEqual([]);
  });
});
