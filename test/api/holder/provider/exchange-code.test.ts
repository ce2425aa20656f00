import { createSecretKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyEncryptionRing } from '../../../../keys/key-encryption.js';
import { loginSecrets, type ProviderLogin } from '../../../../api/holder/provider/authorization-url.js';
import {
  CLIENT_ID,
  json,
  providerKey,
  startHostileProvider,
  SUBJECT,
  type HostileProvider,
} from '../../../flows/hostile-provider.js';
import { newKeyPair, now, signedJwt } from '../../../flows/signed-jwt.js';
import { authenticate, CALLBACK, everythingIn, FIRST_KEY, newDirectory, newLogin, providerRecord } from './test-login.js';

const SECRET = 'secret with / and :';

let idp: HostileProvider;
beforeEach(async () => {
  idp = await startHostileProvider();
});
afterEach(() => idp.stop());

/** A session at the provider, for which its ID tokens hold the right nonce. */
function login(record: Partial<Parameters<typeof providerRecord>[0]> = {}, providers = newDirectory()): ProviderLogin {
  const made = newLogin(providerRecord({ url: idp.url, clientSecret: SECRET, ...record }), providers);
  idp.idToken = { nonce: loginSecrets(made).nonce };
  return made;
}

const away = { name: 'ProviderUnavailableError' };
const fault = (what: string) => ({ name: 'ProviderAnswerError', fault: what, retryable: false });

describe('the exchange of a code', () => {
  it('sends the code with its verifier and the client secret, and gives the claims without those of the protocol', async () => {
    const session = login();
    const protocol = {
      at_hash: 'a',
      c_hash: 'a',
      s_hash: 'a',
      azp: CLIENT_ID,
      auth_time: now(),
      sid: 'a',
      jti: 'a',
      nbf: now(-5),
    };
    idp.idToken = { ...idp.idToken, payload: { ...protocol, given_name: 'Aroha', address: { country: 'NZ' } } };
    expect(await authenticate(session)).toEqual({
      providerId: 'provider-1',
      url: idp.url,
      subjectId: SUBJECT,
      claims: { sub: SUBJECT, given_name: 'Aroha', address: { country: 'NZ' } },
    });
    const request = idp.requests.find(({ path }) => path === '/token')!;
    expect(request.form).toEqual({
      grant_type: 'authorization_code',
      code: 'code',
      redirect_uri: CALLBACK,
      code_verifier: loginSecrets(session).codeVerifier,
    });
    const credentials = Buffer.from(request.authorization!.replace('Basic ', ''), 'base64').toString();
    expect(credentials).toBe('issuer:secret+with+%2F+and+%3A');
  });

  it.each([
    ['another session', { state: 'x' }],
    ['another provider (mix-up, RFC 9207)', { iss: 'https://other.example' }],
    ['no provider', { iss: '' }],
    ['nothing', { code: '' }],
  ])('is not begun for a callback of %s', async (_what, changed) => {
    await expect(authenticate(login(), changed)).rejects.toMatchObject(fault('callback'));
    expect(idp.requests.filter(({ path }) => path === '/token')).toEqual([]);
  });

  it('is completed also where the key-encryption key was replaced meanwhile', async () => {
    const before = login();
    const { state } = loginSecrets(before);
    const provider = { ...before.provider, tokenEndpointAuthMethod: 'none' as const };
    const after = { ...before, provider, ring: new KeyEncryptionRing([new Uint8Array(32).fill(7), FIRST_KEY]) };
    expect(loginSecrets(after).state).not.toBe(state);
    expect((await authenticate(after, { state })).subjectId).toBe(SUBJECT);
  });

  it('is not begun without the iss that the provider says it sends, nor with a parameter twice', async () => {
    const session = login();
    const { state } = loginSecrets(session);
    const twice = `${CALLBACK}?state=${state}&code=a&code=b`;
    await expect(authenticate(session, twice)).rejects.toMatchObject(fault('callback'));
    idp.metadata = { authorization_response_iss_parameter_supported: true };
    const strict = login();
    await expect(authenticate(strict)).rejects.toMatchObject({ name: 'ProviderAnswerError', retryable: false });
    expect(idp.requests.filter(({ path }) => path === '/token')).toEqual([]);
    expect((await authenticate(strict, { iss: idp.url })).subjectId).toBe(SUBJECT);
  });

  it.each([
    ['access_denied', 'access_denied'],
    ['login_required', 'access_denied'],
    ['interaction_required', 'access_denied'],
    ['consent_required', 'access_denied'],
    ['account_selection_required', 'access_denied'],
    ['temporarily_unavailable', 'temporarily_unavailable'],
    ['server_error', 'server_error'],
    ['invalid_scope', 'server_error'],
    ['<script>', 'server_error'],
  ])('comes down to a refusal where the provider says %s', async (error, meaning) => {
    const refused = await authenticate(login(), { code: '', error, error_description: 'about Aroha' }).catch((e: unknown) => e);
    expect(refused).toMatchObject({ name: 'ProviderRefusalError', error: meaning });
    expect(everythingIn(refused)).not.toMatch(/Aroha|script/);
  });

  it("believes a refusal only with the session's state", async () => {
    await expect(authenticate(login(), { error: 'access_denied', state: 'x' })).rejects.toMatchObject(fault('callback'));
  });
});

describe('an ID token', () => {
  const foreign = newKeyPair();
  const shared = { algorithm: 'HS256', privateKey: createSecretKey(Buffer.from(SECRET)) } as const;
  const unsigned = { algorithm: 'none', privateKey: foreign.privateKey } as const;

  it.each<[string, string, HostileProvider['idToken']]>([
    ['of another login', 'id_token', { nonce: 'other' }],
    ['without nonce', 'token_answer', { payload: { nonce: undefined } }],
    ['for another client', 'id_token', { payload: { aud: 'other' } }],
    ['for others as well, without azp', 'id_token', { payload: { aud: [CLIENT_ID, 'other'] } }],
    ['whose azp is another', 'id_token', { payload: { aud: [CLIENT_ID, 'other'], azp: 'other' } }],
    ['of another issuer', 'id_token', { payload: { iss: 'https://other.example' } }],
    ['expired for more than a minute', 'id_token', { payload: { exp: now(-62), iat: now(-300) } }],
    ['from more than a minute ahead', 'id_token', { payload: { iat: now(90) } }],
    ['without subject', 'token_answer', { payload: { sub: undefined } }],
    ['with an empty subject', 'id_token', { payload: { sub: '' } }],
    ['with a subject that is too long', 'id_token', { payload: { sub: 'x'.repeat(256) } }],
    ['signed by a foreign key', 'signature', { signWith: foreign }],
    ['under a key id that the provider lacks', 'signature', { header: { kid: 'other' } }],
    ['without signature', 'signature', { signWith: unsigned }],
    ['with alg none', 'token_answer', { header: { alg: 'none' }, signWith: unsigned }],
    ['signed with the client secret', 'token_answer', { header: { alg: 'HS256' }, signWith: shared }],
  ])('%s is refused', async (_what, what, idToken) => {
    const session = login();
    idp.idToken = { ...idp.idToken, ...idToken };
    const error = await authenticate(session).catch((e: unknown) => e);
    expect(error).toMatchObject(fault(what));
    expect(everythingIn(error)).not.toMatch(/eyJ|subject-1|other|access-token/);
  });

  it.each([
    ['none', { header: { alg: 'none' }, signWith: unsigned }],
    ['HS256', { header: { alg: 'HS256' }, signWith: shared }],
  ])('with alg %s is refused even where the provider lists it', async (_what, idToken) => {
    idp.metadata = { id_token_signing_alg_values_supported: ['ES256', 'none', 'HS256'] };
    const session = login();
    idp.idToken = { ...idp.idToken, ...idToken };
    await expect(authenticate(session)).rejects.toMatchObject({
      ...fault('signature'),
      message: 'the algorithm is not allowed',
    });
  });

  it.each([
    ['expired', { exp: now(-50), iat: now(-300) }],
    ['from ahead', { iat: now(50), nbf: now(50) }],
  ])('%s by fifty seconds is accepted', async (_what, payload) => {
    const session = login();
    idp.idToken = { ...idp.idToken, payload };
    expect((await authenticate(session)).subjectId).toBe(SUBJECT);
  });

  it('for several clients is accepted where it is ours', async () => {
    const session = login();
    idp.idToken = { ...idp.idToken, payload: { aud: [CLIENT_ID, 'other'], azp: CLIENT_ID } };
    expect((await authenticate(session)).subjectId).toBe(SUBJECT);
  });

  it('under a new key is accepted, once a second has passed since the keys were read', async () => {
    const providers = newDirectory();
    await authenticate(login({}, providers));
    idp.keys = [providerKey('second'), ...idp.keys];
    await expect(authenticate(login({}, providers))).rejects.toMatchObject(fault('signature'));
    await sleep(1050);
    expect((await authenticate(login({}, providers))).subjectId).toBe(SUBJECT);
    expect(idp.requests.filter(({ path }) => path === '/keys')).toHaveLength(2);
  });

  it('has to show that a max_age was kept', async () => {
    const staticRequestParameters = { max_age: '300' };
    const dated = async (auth_time?: number) => {
      const session = login({ staticRequestParameters });
      idp.idToken = { ...idp.idToken, payload: { auth_time } };
      return authenticate(session);
    };
    await expect(dated()).rejects.toMatchObject({ name: 'ProviderAnswerError' });
    await expect(dated(now(-400))).rejects.toMatchObject(fault('id_token'));
    expect((await dated(now(-350))).subjectId).toBe(SUBJECT);
  });

  it('with more than 64 kB or 8 levels of claims is refused', async () => {
    const session = login();
    const right = idp.idToken;
    idp.idToken = { ...right, payload: { photo: 'x'.repeat(65_536) } };
    await expect(authenticate(session)).rejects.toMatchObject(fault('claims'));
    idp.idToken = { ...right, payload: { deep: JSON.parse('['.repeat(8) + ']'.repeat(8)) as unknown } };
    await expect(authenticate(session)).rejects.toMatchObject(fault('claims'));
  });
});

describe('userinfo', () => {
  it('wins over the ID token, except for what is of the protocol', async () => {
    const session = login({ userinfo: true });
    idp.idToken = { ...idp.idToken, payload: { email: 'old', given_name: 'Aroha' } };
    idp.userinfo = { sub: SUBJECT, email: 'new', iss: 'x', exp: 1 };
    expect((await authenticate(session)).claims).toEqual({ sub: SUBJECT, email: 'new', given_name: 'Aroha' });
    expect(idp.requests.find(({ path }) => path === '/userinfo')?.authorization).toBe('Bearer access-token');
  });

  it.each<[string, string, () => void]>([
    ['of another subject', 'userinfo', () => (idp.userinfo = { sub: 'foreign-subject' })],
    ['of nobody', 'userinfo', () => (idp.userinfo = {})],
    ['that is no object', 'userinfo', () => (idp.userinfo = [])],
    ['that is no JSON', 'userinfo', () => idp.endpoints.set('/userinfo', (response) => response.end('secret'))],
    ['that is refused', 'userinfo', () => idp.endpoints.set('/userinfo', json({}, 401))],
    ['of more than 64 kB', 'claims', () => (idp.userinfo = { sub: SUBJECT, photo: 'x'.repeat(66_000) })],
    ['of more than a megabyte', 'token_answer', () => (idp.userinfo = { sub: SUBJECT, photo: 'x'.repeat(1_100_000) })],
  ])('%s is refused', async (_what, what, set) => {
    const session = login({ userinfo: true });
    set();
    const error = await authenticate(session).catch((e: unknown) => e);
    expect(error).toMatchObject(fault(what));
    expect(everythingIn(error)).not.toMatch(/foreign-subject|secret|xxx/);
  });

  it('that is signed is verified', async () => {
    idp.metadata = { userinfo_signing_alg_values_supported: ['ES256'] };
    const signedBy = (key: ReturnType<typeof newKeyPair>) =>
      idp.endpoints.set('/userinfo', (response) => {
        const payload = { iss: idp.url, aud: CLIENT_ID, sub: SUBJECT, email: 'signed' };
        const jwt = signedJwt({ header: { alg: 'ES256', kid: 'first' }, payload, key });
        response.writeHead(200, { 'content-type': 'application/jwt' }).end(jwt);
      });
    signedBy(idp.keys[0]!);
    expect((await authenticate(login({ userinfo: true }))).claims).toEqual({ sub: SUBJECT, email: 'signed' });
    signedBy(newKeyPair());
    await expect(authenticate(login({ userinfo: true }))).rejects.toMatchObject(fault('signature'));
  });
});

describe('a provider that answers badly', () => {
  it.each([302, 303, 307, 308])('gets no second chance to see the code: a token endpoint redirecting with %d', async (status) => {
    idp.endpoints.set('/token', (response) => response.writeHead(status, { location: '/elsewhere' }).end());
    await expect(authenticate(login())).rejects.toMatchObject(fault('token_answer'));
    expect(idp.requests.map(({ path }) => path)).not.toContain('/elsewhere');
  });

  it.each<[string, () => void]>([
    ['500 at the token endpoint', () => idp.endpoints.set('/token', json({}, 500))],
    ['429 at the token endpoint', () => idp.endpoints.set('/token', json({}, 429))],
    ['nothing at the token endpoint', () => idp.endpoints.set('/token', () => undefined)],
    ['no keys', () => idp.endpoints.set('/keys', json({}, 404))],
    ['keys that are no JSON', () => idp.endpoints.set('/keys', (response) => response.end('no'))],
    ['keys that are no set', () => idp.endpoints.set('/keys', json(null))],
    [
      'a key that is none',
      () => idp.endpoints.set('/keys', json({ keys: [{ kty: 'EC', crv: 'P-256', kid: 'first', x: 'a', y: 7 }] })),
    ],
    ['503 at the userinfo endpoint', () => idp.endpoints.set('/userinfo', json({}, 503))],
    ['a closed connection', () => idp.endpoints.set('/token', (response) => response.destroy())],
  ])('is unavailable: %s', async (_what, set) => {
    set();
    await expect(authenticate(login({ userinfo: true }))).rejects.toMatchObject(away);
  });

  it.each<[string, unknown]>([
    ['no ID token', { access_token: 'a', token_type: 'Bearer' }],
    ['no access token', { token_type: 'Bearer' }],
    ['an ID token that is none', { access_token: 'a', token_type: 'Bearer', id_token: 'x.y.z' }],
    ['an encrypted ID token', { access_token: 'a', token_type: 'Bearer', id_token: 'a.b.c.d.e' }],
    ['a list', []],
    ['null', null],
  ])('is refused: %s', async (_what, body) => {
    idp.endpoints.set('/token', json(body));
    await expect(authenticate(login())).rejects.toMatchObject(fault('token_answer'));
  });

  it('is told apart by its error: a spent code, a wrong client, a fault of its own', async () => {
    const answering = (error: string) => idp.endpoints.set('/token', json({ error, error_description: 'code 7' }, 400));
    answering('invalid_grant');
    const error = await authenticate(login()).catch((e: unknown) => e);
    expect(error).toMatchObject({ fault: 'code_refused', retryable: true });
    expect(everythingIn(error)).not.toContain('code 7');
    answering('invalid_client');
    await expect(authenticate(login())).rejects.toMatchObject(fault('client_refused'));
    answering('temporarily_unavailable');
    await expect(authenticate(login())).rejects.toMatchObject(away);
    answering('invalid_request');
    await expect(authenticate(login())).rejects.toMatchObject(fault('token_answer'));
  });
});
