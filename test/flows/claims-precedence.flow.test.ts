import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sealEnvelope } from '../../keys/envelope.js';
import { faultsOf } from '../api/management/management-client.js';
import { useOwnProcesses } from '../harness/use-system.js';
import { ClaimsJourney, type Claims, type Login, type Session } from './claims-journey.js';
import { claimsIn } from './credential-claims.js';
import { locationOf } from './holder-browser.js';
import { ringOf } from './issuer-secrets.js';
import { credentialsOf, PlainWallet, type Answer } from './plain-wallet.js';

const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost' } });
let journey: ClaimsJourney;
let plain: { readonly id: string; readonly scope: string };

const MAPPINGS = {
  level: { mapFrom: 'claims.level' },
  fallback: { mapFrom: 'claims.fallback', defaultValue: 'from the mapping' },
  subject: { mapFrom: 'authenticationProvider.subjectId' },
  provider: { mapFrom: 'authenticationProvider.url' },
  kept_provider: { mapFrom: 'claims.kept_provider' },
  kept_hook: { mapFrom: 'claims.kept_hook' },
  kept_offer: { mapFrom: 'claims.kept_offer' },
};

beforeAll(async () => {
  journey = await ClaimsJourney.start(system());
  plain = await journey.credential({ claimMappings: MAPPINGS });
});
afterAll(() => journey.stop());
afterEach(() => journey.source.forget());

const newSubject = (): string => `subject-${randomUUID()}`;
const isPage = (answer: Answer) => answer.headers.get('content-type')?.startsWith('text/html') === true;

interface Told extends Omit<Login, 'subject'> {
  readonly subject?: string;
  readonly hook?: Claims;
}

/** One session from the wallet's request to the credential endpoint. */
async function request({ subject = newSubject(), hook = {}, ...login }: Told, of = plain) {
  const session = await journey.begin(of.scope);
  const atHook = locationOf(await journey.logIn(session, { subject, ...login }));
  const answer = await journey.collect(session, await journey.passHook(session, atHook, hook), of.id);
  return { session, subject, answer };
}

async function issue(told: Told, of = plain): Promise<{ readonly session: Session; readonly claims: Claims }> {
  const { session, answer } = await request(told, of);
  return { session, claims: claimsIn(credentialsOf(answer)[0]!) };
}

async function userOf(session: Session): Promise<string> {
  return (await system().db.issuances.findOne({ _id: session.id }))!.userId;
}

const keptWith = async (userId: string) => (await journey.api.get(`/v1/users/${userId}`)).json.claims as Claims;

/** The origins that the API shows of each credential of a user, oldest first. */
async function originsOf(userId: string): Promise<Claims[]> {
  const { json } = await journey.api.get(`/v1/users/${userId}/credentials`);
  return (json as { data: { claimOrigins?: Claims }[] }).data.map(({ claimOrigins = {} }) => claimOrigins);
}

describe('a claim that several sources know', () => {
  const SOURCES = ['user', 'authenticationProvider', 'interactionHook', 'decision', 'offer', 'claimSource'] as const;
  type Source = (typeof SOURCES)[number];
  const levelOf = (source: Source) => ({ from: source, [`only_${source}`]: [source] });

  it.each(SOURCES.map((last, index) => [last, SOURCES.slice(0, index + 1)] as const))(
    'is what %s says after %j, whole; its origin is on record without its value',
    async (last, speaking) => {
      const says = (source: Source): Claims => (speaking.includes(source) ? { level: levelOf(source) } : {});
      const claimSourceId = await journey.claimSource(says('claimSource'));
      const of = await journey.credential({ claimMappings: MAPPINGS, claimSourceId });
      const session = await journey.begin(of.scope);
      const idToken = says('authenticationProvider');
      const atHook = locationOf(await journey.logIn(session, { subject: newSubject(), idToken }));
      const userId = await userOf(session);
      const { authenticationProvider } = (await journey.api.get(`/v1/users/${userId}`)).json;
      await journey.api.put(`/v1/users/${userId}`, { authenticationProvider, claims: says('user') });
      const toWallet = await journey.passHook(session, atHook, { ...hookOf(speaking), claims: says('interactionHook') });
      if (speaking.includes('decision')) expect((await journey.decide(atHook, { claims: says('decision') })).status).toBe(204);
      if (speaking.includes('offer')) await offerClaims(session, says('offer'));
      const { level, iss } = claimsIn(credentialsOf(await journey.collect(session, toWallet, of.id))[0]!);
      expect([level, iss]).toEqual([levelOf(last), system().url]);
      // The hook's decision is the hook's.
      const origin = last === 'decision' ? 'interactionHook' : last;
      expect(await originsOf(userId)).toEqual([{ level: origin }]);
      // It was asked with what was known before it.
      const asked = levelOf(last === 'claimSource' ? 'offer' : last);
      expect(journey.source.requests.map(({ query }) => JSON.parse(query.asked!) as unknown)).toEqual([asked]);
    },
  );

  const hookOf = (speaking: readonly Source[]) => (speaking.includes('decision') ? { status: 'deferred' } : {});

  /** No session has both a login and an offer's claims today; the order holds for one that would. */
  async function offerClaims({ id }: Session, claims: Claims): Promise<void> {
    const envelope = sealEnvelope({ ring: ringOf(system()), value: claims, context: id });
    await system().db.issuances.updateOne({ _id: id }, { $set: { claims: envelope } });
  }

  it('is what the offer says rather than the user, in the pre-authorized flow', async () => {
    const { id: userId } = await journey.api.create('/v1/users', { claims: { level: 'user', fallback: 'user' } });
    const offer = { credentials: [plain.id], userId, claims: { level: 'offer' } };
    const answer = await collectOffer(offer);
    expect(claimsIn(credentialsOf(answer)[0]!)).toMatchObject({ level: 'offer', fallback: 'user' });
    expect(await originsOf(userId)).toEqual([{ level: 'offer', fallback: 'user' }]);
  });

  it('has no value where the last to speak of it says null: then there is the default, or nothing', async () => {
    const idToken = { level: 'provider', fallback: 'provider' };
    const { session, claims } = await issue({ idToken, hook: { claims: { level: null, fallback: null } } });
    expect(claims).not.toHaveProperty('level');
    expect(claims).toMatchObject({ fallback: 'from the mapping' });
    const origins = { level: 'interactionHook', fallback: 'interactionHook' };
    expect(await originsOf(await userOf(session))).toEqual([origins]);
  });

  it('has userinfo rather than the ID token for the provider, which may also be mapped itself', async () => {
    const idToken = { level: 'id token', fallback: 'id token' };
    const subject = newSubject();
    const { claims } = await issue({ subject, idToken, userinfo: { level: 'userinfo' } });
    expect(claims).toMatchObject({ level: 'userinfo', fallback: 'id token', subject, provider: journey.provider.url });
  });
});

async function collectOffer(offer: Claims): Promise<Answer> {
  const { uri } = (await journey.api.create('/v1/openid/offers/pre-authorized', offer)) as unknown as { uri: string };
  const wallet = new PlainWallet(system().url);
  return wallet.requestCredential(await wallet.token(uri), await wallet.credentialRequest(plain.id));
}

describe('claimsToPersist', () => {
  const idToken = { kept_provider: 'p', level: 'not kept' };
  const hook = { claims: { kept_hook: { h: 1 }, fallback: 'not kept' }, claimsToPersist: ['kept_hook', 'level'] };

  it('keeps claims of provider, hook and offer for later sessions of the subject, and for the parameters of claims sources', async () => {
    const { session, subject } = await request({ idToken, hook });
    const userId = await userOf(session);
    expect(await keptWith(userId)).toEqual({ kept_provider: 'p', kept_hook: { h: 1 } });
    const offer = { credentials: [plain.id], userId, claims: { kept_offer: 'o', level: 'x' }, claimsToPersist: ['kept_offer'] };
    const offered = claimsIn(credentialsOf(await collectOffer(offer))[0]!);
    expect(offered).toMatchObject({ kept_provider: 'p', kept_hook: { h: 1 }, kept_offer: 'o' });

    const claimSourceId = await journey.claimSource({}, 'claims.kept_provider');
    const later = await issue({ subject }, await journey.credential({ claimMappings: MAPPINGS, claimSourceId }));
    expect(await userOf(later.session)).toBe(userId);
    expect(later.claims).toMatchObject({
      kept_provider: 'p',
      kept_hook: { h: 1 },
      kept_offer: 'o',
      fallback: 'from the mapping',
    });
    expect(later.claims).not.toHaveProperty('level');
    expect(journey.source.requests.map(({ query }) => query)).toEqual([{ asked: 'p' }]);
    const kept = { kept_provider: 'user', kept_hook: 'user', kept_offer: 'user' };
    expect((await originsOf(userId)).at(-1)).toEqual(kept);
  });

  it('replaces what was kept of a name whole, and leaves the rest', async () => {
    const { session, subject } = await request({ idToken, hook });
    await issue({ subject, idToken: { kept_provider: 'p2' }, hook: { ...hook, claims: { kept_hook: { other: 2 } } } });
    expect(await keptWith(await userOf(session))).toEqual({ kept_provider: 'p2', kept_hook: { other: 2 } });
  });

  it('of the hook keeps and erases nothing where the hook refuses', async () => {
    const { session, subject } = await request({ idToken, hook });
    const refused = await journey.begin(plain.scope);
    const atHook = locationOf(await journey.logIn(refused, { subject }));
    const back = await journey.passHook(refused, atHook, { ...hook, error: 'access_denied', claims: { kept_hook: 'refused' } });
    expect(refused.wallet.answerIn(locationOf(back)).get('error')).toBe('access_denied');
    expect(await keptWith(await userOf(session))).toEqual({ kept_provider: 'p', kept_hook: { h: 1 } });
  });

  it('of two returns from the hook at once keeps those of the one that counts', async () => {
    const session = await journey.begin(plain.scope);
    const atHook = locationOf(await journey.logIn(session, { subject: newSubject() }));
    const answers = await Promise.all(
      ['a', 'b'].map((value) =>
        journey.passHook(session, atHook, { claims: { kept_hook: value }, claimsToPersist: ['kept_hook'] }),
      ),
    );
    const toWallet = answers.find(({ status }) => status === 303)!;
    const { kept_hook: issued } = claimsIn(credentialsOf(await journey.collect(session, toWallet, plain.id))[0]!);
    expect(['a', 'b']).toContain(issued);
    expect(await keptWith(await userOf(session))).toEqual({ kept_hook: issued });
  });

  it('keeps nothing where the issuer forbids it; an offer that asks for it is refused', async () => {
    await journey.configure({ persistClaims: false });
    try {
      const { session, claims } = await issue({ idToken, hook });
      expect(claims).toMatchObject({ kept_provider: 'p', kept_hook: { h: 1 } });
      const userId = await userOf(session);
      expect(await keptWith(userId)).toEqual({});
      const offer = { credentials: [plain.id], userId, claims: { kept_offer: 'o' }, claimsToPersist: ['kept_offer'] };
      const faults = faultsOf(await journey.api.post('/v1/openid/offers/pre-authorized', offer));
      expect(faults).toEqual([expect.stringContaining('body claimsToPersist: must be empty')]);
    } finally {
      await journey.configure({});
    }
  });
});

describe('two people who log in to one session at once', () => {
  it('stay two users, of whom the first to be stored gets the credential', async () => {
    const session = await journey.begin(plain.scope);
    const subjects = [newSubject(), newSubject()];
    const [atHook] = (await Promise.all(subjects.map((subject) => journey.logIn(session, { subject }))))
      .filter(({ status }) => status === 303)
      .map(locationOf);
    const answer = await journey.collect(session, await journey.passHook(session, atHook!, {}), plain.id);
    const { subject: issuedTo } = claimsIn(credentialsOf(answer)[0]!);
    expect(subjects).toContain(issuedTo);
    const ids: string[] = [];
    for (const subject of subjects) ids.push(await userOf((await request({ subject })).session));
    expect(new Set(ids).size).toBe(2);
    expect(await userOf(session)).toBe(ids[subjects.indexOf(issuedTo as string)]);
  });
});

describe('claims that cannot be taken', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 'deep' : [nested(levels - 1)]);
  const TOO_MUCH = [
    ['too large', { level: 'canary'.repeat(11_000) }],
    ['too deep', { level: nested(8) }],
  ] as const;

  it.each(TOO_MUCH)('%s, of the provider: a page says so, and another login goes on', async (_what, claims) => {
    const session = await journey.begin(plain.scope);
    const subject = newSubject();
    for (const login of [{ idToken: claims }, { userinfo: claims }]) {
      const refused = await journey.logIn(session, { subject, ...login });
      expect([refused.status, isPage(refused)]).toEqual([400, true]);
      expect(refused.text).not.toContain('canary');
    }
    const atHook = locationOf(await journey.logIn(session, { subject, idToken: { level: nested(7) } }));
    const answer = await journey.collect(session, await journey.passHook(session, atHook, {}), plain.id);
    expect(claimsIn(credentialsOf(answer)[0]!).level).toEqual(nested(7));
  });

  it.each(TOO_MUCH)('%s, of the hook: refused by either way, and another answer goes on', async (what, claims) => {
    const session = await journey.begin(plain.scope);
    const atHook = locationOf(await journey.logIn(session, { subject: newSubject() }));
    // What no URL can carry does not come so far as to be read.
    expect((await journey.passHook(session, atHook, { claims })).status).toBe(what === 'too deep' ? 400 : 431);
    const decided = await journey.decide(atHook, { claims });
    expect([decided.status, decided.json.error]).toEqual([400, 'invalid_request']);
    expect(decided.json.error_description).toMatch(/has claims that must/);
    const answer = await journey.collect(
      session,
      await journey.passHook(session, atHook, { claims: { level: 'small' } }),
      plain.id,
    );
    expect(claimsIn(credentialsOf(answer)[0]!).level).toBe('small');
  });

  it('of another type than the mapping needs: the credential is denied, without a word of the value', async () => {
    const claimMappings = { level: { mapFrom: 'claims.level', selectiveDisclosureOfElements: true } };
    const { answer } = await request({ idToken: { level: 'canary' } }, await journey.credential({ claimMappings }));
    expect([answer.status, answer.json.error]).toEqual([400, 'credential_request_denied']);
    expect(answer.text).not.toContain('canary');
  });

  it('null where the mapping requires a value: likewise', async () => {
    const claimMappings = { level: { mapFrom: 'claims.level', required: true } };
    const of = await journey.credential({ claimMappings });
    const { answer } = await request({ idToken: { level: 'canary' }, hook: { claims: { level: null } } }, of);
    expect([answer.status, answer.json.error]).toEqual([400, 'credential_request_denied']);
    expect(answer.json.error_description).toContain('a required claim has no value');
  });
});
