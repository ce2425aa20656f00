import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifyCredential } from '../../scripts/demo/verify-credential.js';
import { useOwnProcesses } from '../harness/use-system.js';
import {
  answering,
  first,
  redirecting,
  silent,
  startClaimsSource,
  type Behaviour,
  type ClaimsSourceServer,
} from './claims-source-server.js';
import { IssuerBackend, PERSON, type Offer } from './issuer-backend.js';
import { credentialsOf, newHolderKey, PlainWallet, type Answer, type HolderKeyPair } from './plain-wallet.js';

/** `localhost` is allowed and `127.0.0.1` is not: so the same server can be a permitted and a forbidden target. */
const system = useOwnProcesses({
  env: {
    OUTBOUND_ALLOWED_HOSTS: 'localhost',
    OUTBOUND_MAX_BYTES: '4096',
    CLAIMS_SOURCE_TIMEOUT_MS: '500',
    CREDENTIAL_DEADLINE_MS: '6000',
    DEFERRED_INTERVAL_SECONDS: '1',
    STUCK_AFTER_SECONDS: '1',
  },
});

let backend: IssuerBackend;
let wallet: PlainWallet;
let source: ClaimsSourceServer;

beforeAll(async () => {
  source = await startClaimsSource();
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
});
afterAll(() => source.stop());
afterEach(() => source.forget());

const API_KEY = { type: 'api-key', value: 'a-key-for-the-claims-source' };

/** Registers the claims source and a configuration that uses it; gives the configuration's id. */
async function configured(settings: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const claimSourceId = await backend.claimSource({
    name: 'HR system',
    url: source.url,
    requestMethod: 'GET',
    requestParameters: { name: { mapFrom: 'claims.given_name' } },
    authorization: API_KEY,
    ...settings,
  });
  return backend.configuration({ claimSourceId });
}

interface Requested {
  readonly offer: Offer;
  readonly token: string;
  readonly body: string;
  readonly key: HolderKeyPair;
  readonly answer: Answer;
}

/** Everything up to the answer to the first credential request. */
async function request(configurationId: string, offerClaims: Readonly<Record<string, unknown>> = PERSON): Promise<Requested> {
  const offer = await backend.offer([configurationId], { claims: offerClaims });
  const token = await wallet.token(offer.uri);
  const key = newHolderKey();
  const body = await wallet.credentialRequest(configurationId, [key]);
  return { offer, token, body, key, answer: await wallet.requestCredential(token, body) };
}

async function verifiedClaims({ answer, key }: Pick<Requested, 'answer' | 'key'>): Promise<Readonly<Record<string, unknown>>> {
  const [credential = ''] = credentialsOf(answer);
  return (await verifyCredential({ credential, issuer: system().url, holderKey: key.publicJwk })).payload;
}

describe('claims of the offer', () => {
  it('make the credential where there is no claims source', async () => {
    const configurationId = await backend.configuration();
    const payload = await verifiedClaims(await request(configurationId));
    expect(payload).toMatchObject(PERSON);
    expect(source.requests).toHaveLength(0);
  });

  it('that lack a required one deny the credential, without saying more than its name', async () => {
    const configurationId = await backend.configuration();
    const { answer } = await request(configurationId, { family_name: 'Canary-Surname' });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ error: 'credential_request_denied' });
    expect(answer.text).not.toContain('Canary-Surname');
  });
});

describe('a claims source asked by GET with an API key', () => {
  it('is asked once, with key and mapped parameters, and its claims replace those of the offer whole', async () => {
    source.behave(answering({ family_name: 'Fromsource', address: { country: 'AU' } }));
    const issued = await request(await configured());
    expect(issued.answer.status).toBe(200);
    expect(source.requests).toHaveLength(1);
    const [asked] = source.requests;
    expect(asked).toMatchObject({ method: 'GET', path: '/claims', query: { name: 'Ngaio' }, body: '' });
    expect(asked?.headers['x-api-key']).toBe(API_KEY.value);
    const payload = await verifiedClaims(issued);
    expect(payload).toMatchObject({ given_name: 'Ngaio', family_name: 'Fromsource', address: { country: 'AU' } });
    expect(payload.address).not.toHaveProperty('locality');
  });

  it('is not asked again for a repeated request', async () => {
    source.behave(answering({ family_name: 'Once' }));
    const { token, body, answer } = await request(await configured());
    source.behave(answering({ family_name: 'Twice' }));
    expect((await wallet.requestCredential(token, body)).text).toBe(answer.text);
    expect(source.requests).toHaveLength(1);
  });

  it('that knows nothing answers {} and changes nothing', async () => {
    source.behave(answering({}));
    expect(await verifiedClaims(await request(await configured()))).toMatchObject(PERSON);
  });

  it('may redirect to a permitted place', async () => {
    source.behave((response, { path }) => {
      if (path === '/claims') redirecting('/moved')(response, source.requests[0] as never);
      else answering({ family_name: 'Moved' })(response, source.requests[0] as never);
    });
    expect(await verifiedClaims(await request(await configured()))).toMatchObject({ family_name: 'Moved' });
  });
});

describe('request parameters', () => {
  const requestParameters = {
    found: { mapFrom: 'claims.address.locality' },
    missing: { mapFrom: 'claims.no_such_claim' },
    fallback: { mapFrom: 'claims.no_such_claim', defaultValue: 'fallback-value' },
    preferred: { mapFrom: 'claims.given_name', defaultValue: 'not used' },
    fixed: { defaultValue: 'fixed-value' },
    nested: { mapFrom: 'claims.nationalities' },
  };

  it('in their three modes, by GET: in the query', async () => {
    source.behave(answering({}));
    await request(await configured({ requestParameters }));
    expect(source.requests[0]?.query).toEqual({
      found: 'Wellington',
      fallback: 'fallback-value',
      preferred: 'Ngaio',
      fixed: 'fixed-value',
      nested: '["NZ","DE"]',
    });
  });

  it('in their three modes, by POST: in a JSON body', async () => {
    source.behave(answering({}));
    await request(await configured({ requestMethod: 'POST', requestParameters }));
    const [asked] = source.requests;
    expect(asked?.method).toBe('POST');
    expect(asked?.query).toEqual({});
    expect(asked?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      found: 'Wellington',
      fallback: 'fallback-value',
      preferred: 'Ngaio',
      fixed: 'fixed-value',
      nested: ['NZ', 'DE'],
    });
  });

  it('can name the credential configuration, so that one source serves several', async () => {
    source.behave(answering({}));
    const configurationId = await configured({
      requestParameters: {
        configuration: { mapFrom: 'credentialConfiguration.id' },
        type: { mapFrom: 'credentialConfiguration.type' },
      },
    });
    await request(configurationId);
    expect(source.requests[0]?.query).toMatchObject({
      configuration: configurationId,
      type: expect.stringMatching(/^urn:test:/) as string,
    });
  });
});

describe('a claims source behind OAuth client credentials', () => {
  const authorization = (tokenEndpointAuthMethod: string) => ({
    type: 'oauth-client-credentials',
    tokenEndpoint: source.tokenEndpoint,
    clientId: 'chancery',
    clientSecret: 'secret-of-the-source',
    scope: 'claims.read',
    audience: 'https://claims.test',
    tokenEndpointAuthMethod,
  });

  it('gets the token of its token endpoint, which is fetched once for several issuances', async () => {
    source.behave(answering({ family_name: 'Guarded' }));
    const configurationId = await configured({ authorization: authorization('client_secret_basic') });
    for (let issuance = 0; issuance < 2; issuance += 1) {
      expect(await verifiedClaims(await request(configurationId))).toMatchObject({ family_name: 'Guarded' });
    }
    expect(source.requests.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${source.token}`,
      `Bearer ${source.token}`,
    ]);
    expect(source.tokenRequests).toHaveLength(1);
    const [asked] = source.tokenRequests;
    expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from('chancery:secret-of-the-source').toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'claims.read',
      audience: 'https://claims.test',
    });
  });

  it('can have its credentials in the body', async () => {
    source.behave(answering({}));
    await request(await configured({ authorization: authorization('client_secret_post') }));
    const [asked] = source.tokenRequests;
    expect(asked?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toMatchObject({
      client_id: 'chancery',
      client_secret: 'secret-of-the-source',
    });
  });

  it('that refuses a token is asked again with a new one', async () => {
    source.behave(first(1, answering({ error: 'expired' }, { status: 401 }), answering({ family_name: 'Renewed' })));
    const issued = await request(await configured({ authorization: authorization('client_secret_basic') }));
    expect(await verifiedClaims(issued)).toMatchObject({ family_name: 'Renewed' });
    expect(source.tokenRequests).toHaveLength(2);
  });
});

describe('a claims source that fails for a moment', () => {
  const passing: readonly (readonly [string, Behaviour])[] = [
    ['answers 500', answering({ error: 'broken' }, { status: 500 })],
    ['answers 503 with Retry-After', answering({}, { status: 503, headers: { 'retry-after': '1' } })],
    ['answers 429', answering({}, { status: 429 })],
    ['answers 401', answering({}, { status: 401 })],
    ['answers 403', answering({}, { status: 403 })],
    ['answers 408', answering({}, { status: 408 })],
    ['breaks the connection', (response) => response.destroy()],
    ['is too slow', silent],
  ];

  it.each(passing)('and %s: the request waits and is answered with the credential', async (_name, failure) => {
    source.behave(first(1, failure, answering({ family_name: 'Recovered' })));
    const issued = await request(await configured());
    expect(issued.answer.status).toBe(200);
    expect(await verifiedClaims(issued)).toMatchObject({ family_name: 'Recovered' });
    expect(source.requests).toHaveLength(2);
  });
});

describe('a claims source that stays away beyond the deadline', () => {
  const problemOf = async ({ offer }: Requested) => {
    const { typedSearchAttributes } = await system().temporal.workflow.getHandle(`iss:default:${offer.id}`).describe();
    return typedSearchAttributes.getAll().find(({ key }) => key.name === 'IssuanceProblem')?.value;
  };

  it.each([
    ['answers 500', answering({}, { status: 500 })],
    ['is too slow', silent],
  ] as const)('and %s: 202, and the deferred endpoint delivers by itself once it is back', async (_name, failure) => {
    source.behave(failure);
    const pending = await request(await configured());
    expect(pending.answer.status).toBe(202);
    expect(pending.answer.json).toEqual({ transaction_id: expect.any(String) as string, interval: 1 });
    const transactionId = pending.answer.json.transaction_id as string;

    const notYet = await wallet.deferredCredential(pending.token, transactionId);
    expect(notYet.status).toBe(202);
    expect(notYet.json).toEqual(pending.answer.json);

    source.behave(answering({ family_name: 'Patience' }));
    const delivered = await wallet.untilDelivered(pending.token, transactionId);
    expect(delivered.status).toBe(200);
    expect(await verifiedClaims({ answer: delivered, key: pending.key })).toMatchObject({ family_name: 'Patience' });
  });

  it('because nothing listens there: likewise, and operators see stuck:claims until then', async () => {
    const configurationId = await configured();
    await source.stop();
    try {
      const pending = await request(configurationId);
      expect(pending.answer.status).toBe(202);
      await expect.poll(() => problemOf(pending), { timeout: 20_000 }).toBe('stuck:claims');
      source.behave(answering({ family_name: 'Uprising' }));
      await source.listen();
      const delivered = await wallet.untilDelivered(pending.token, pending.answer.json.transaction_id as string);
      expect(await verifiedClaims({ answer: delivered, key: pending.key })).toMatchObject({ family_name: 'Uprising' });
      await expect.poll(() => problemOf(pending), { timeout: 20_000 }).toBeUndefined();
    } finally {
      await source.listen().catch(() => undefined);
    }
  });

  it('gives the repeated request the same transaction, and later the same credential', async () => {
    source.behave(answering({}, { status: 500 }));
    const pending = await request(await configured());
    const repeated = await wallet.requestCredential(pending.token, pending.body);
    expect(repeated.text).toBe(pending.answer.text);
    source.behave(answering({ family_name: 'Same' }));
    const delivered = await wallet.untilDelivered(pending.token, pending.answer.json.transaction_id as string);
    expect(delivered.status).toBe(200);
    const again = await wallet.requestCredential(pending.token, pending.body);
    expect(again.status).toBe(200);
    expect(credentialsOf(again)).toEqual(credentialsOf(delivered));
  });

  it('DEF-05 keeps the transaction from other wallets', async () => {
    source.behave(answering({}, { status: 500 }));
    const configurationId = await configured();
    const pending = await request(configurationId);
    const stranger = await wallet.token((await backend.offer([configurationId])).uri);
    const stolen = await wallet.deferredCredential(stranger, pending.answer.json.transaction_id as string);
    expect(stolen.status).toBe(400);
    expect(stolen.json).toMatchObject({ error: 'invalid_transaction_id' });
    source.behave(answering({}));
  });
});

describe('an answer that no waiting mends', () => {
  const final: readonly (readonly [string, () => Behaviour])[] = [
    ['404', () => answering({ error: 'no such person' }, { status: 404 })],
    ['400', () => answering({}, { status: 400 })],
    [
      'not JSON',
      () => (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"family_name": "Unfinish'),
    ],
    ['HTML', () => (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in</p>')],
    ['JSON that is not an object', () => answering(['Tester'])],
    ['too large', () => answering({ family_name: 'x'.repeat(10_000) })],
    ['a redirect to a private address', () => redirecting('https://10.0.0.1/claims')],
    ['a redirect to the loopback address', () => redirecting(`http://127.0.0.1:${source.port}/claims`)],
    ['a redirect to cloud metadata', () => redirecting('http://169.254.169.254/latest/meta-data/')],
    ['a redirect without end', () => redirecting('/claims')],
    ['a redirect to another scheme', () => redirecting('file:///etc/passwd')],
  ];

  it.each(final)('%s: the credential is denied', async (_name, behaviour) => {
    source.behave(behaviour());
    const { answer, offer } = await request(await configured());
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ error: 'credential_request_denied' });
    expect(await system().db.issuedCredentials.countDocuments({ issuerId: 'default', sessionId: offer.id })).toBe(0);
  });

  it.each(final)("%s with onFailure 'continue': as if it had answered {}", async (_name, behaviour) => {
    source.behave(behaviour());
    const issued = await request(await configured({ onFailure: 'continue' }));
    expect(issued.answer.status).toBe(200);
    expect(await verifiedClaims(issued)).toMatchObject(PERSON);
  });

  it("with onFailure 'continue' a required claim must still come from somewhere", async () => {
    source.behave(answering({}, { status: 404 }));
    const { answer } = await request(await configured({ onFailure: 'continue' }), { family_name: 'Alone' });
    expect(answer.json).toMatchObject({ error: 'credential_request_denied' });
  });

  it("'continue' does not shorten the wait for a source that is merely away", async () => {
    source.behave(first(1, answering({}, { status: 500 }), answering({ family_name: 'Awaited' })));
    expect(await verifiedClaims(await request(await configured({ onFailure: 'continue' })))).toMatchObject({
      family_name: 'Awaited',
    });
  });

  it('a null takes the claim away: what is required then denies the credential', async () => {
    source.behave(answering({ given_name: null }));
    const { answer } = await request(await configured());
    expect(answer.json).toMatchObject({ error: 'credential_request_denied' });
  });

  it('can be followed by another attempt of the wallet once the source is right', async () => {
    source.behave(answering({}, { status: 404 }));
    const configurationId = await configured();
    const denied = await request(configurationId);
    source.behave(answering({ family_name: 'Mended' }));
    const key = newHolderKey();
    const answer = await wallet.requestCredential(denied.token, await wallet.credentialRequest(configurationId, [key]));
    expect(await verifiedClaims({ answer, key })).toMatchObject({ family_name: 'Mended' });
  });
});
