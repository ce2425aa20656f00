import { beforeAll, describe, expect, it } from 'vitest';
import { signAccessToken, type AccessToken } from '../../../api/oauth/access-token.js';
import { signCompactJws } from '../../../api/oauth/jws.js';
import { exchange, postForm, postJson } from '../../flows/http-exchange.js';
import { signersOf } from '../../flows/issuer-secrets.js';
import { newKeyPair, now, signedJwt, withChangedSignature } from '../../flows/signed-jwt.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { refusalOf } from '../wallet/refusal.js';
import { useCredentialRequests } from '../wallet/use-credential-requests.js';

const ENDPOINTS = ['/v1/openid/credential', '/v1/openid/deferred-credential', '/v1/openid/notification'];

const system = useSharedSystem();
const requests = useCredentialRequests(system);
let sign: (change: Partial<AccessToken>, issuerIdentifier?: string) => Promise<string>;
let resign: (header: Readonly<Record<string, unknown>>) => string;
let credentialSigned: string;

beforeAll(async () => {
  const signers = await signersOf(system());
  const [header = '', payload = ''] = requests().token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
  sign = (change, issuerIdentifier = system().url) => {
    const token = {
      sessionId: claims.sid as string,
      tokenId: claims.jti as string,
      expiresAt: (claims.exp as number) * 1000,
      configurationIds: [requests().configurationId],
      ...change,
    };
    return signAccessToken({ token, signer: signers.accessToken, issuerIdentifier, now: Date.now() });
  };
  resign = (change) =>
    signedJwt({
      header: { ...(JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as object), ...change },
      payload: claims,
      key: { ...newKeyPair(), ...(change.alg === 'none' ? { algorithm: 'none' } : {}) },
    });
  credentialSigned = await signCompactJws({ signer: signers.credential, typ: 'at+jwt', payload: claims });
});

describe.each(ENDPOINTS)('%s', (path) => {
  const post = (authorization: string | string[]) => postJson(system().url + path, {}, { authorization });

  it('CRD-01 NOT-01 RFC 6750 3.1 without a token says which schemes there are, and no error in the challenge', async () => {
    const answer = await postJson(system().url + path, {});
    expect(refusalOf(answer)).toBe('401 invalid_token');
    const challenge = answer.headers.get('www-authenticate') ?? '';
    expect(challenge).toMatch(/\bDPoP algs="ES256 ES384 EdDSA"/);
    expect(challenge).toMatch(/\bBearer\b/);
    expect(challenge).not.toContain('error');
  });

  it.each([
    ['of an unknown scheme', () => 'Basic dTpw'],
    ['without a scheme', () => requests().token],
    ['without a token', () => 'Bearer '],
    ['of two tokens', () => `Bearer ${requests().token} ${requests().token}`],
  ])('CRD-01 NOT-06 an Authorization header %s', async (_name, authorization) => {
    const answer = await post(authorization());
    expect(refusalOf(answer)).toBe('401 invalid_token');
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  it.each([
    ['that is garbage', () => 'garbage'],
    ['of 30 kB', () => 'x'.repeat(30_000)],
    ['with a changed signature', () => withChangedSignature(requests().token)],
    ['with a changed payload', () => requests().token.split('.').with(1, 'e30').join('.')],
    ['without signature', () => requests().token.split('.').with(2, '').join('.')],
    ['of alg none', () => resign({ alg: 'none' })],
    ['signed by another key under our key id', () => resign({})],
    ['of an unknown key id', () => resign({ kid: 'x' })],
    ['signed by our credential key', () => credentialSigned],
    ['of another typ', () => resign({ typ: 'JWT' })],
    ['that has expired', () => sign({ expiresAt: Date.now() - 10_000 })],
    ['for another issuer', () => sign({}, 'https://other.example')],
    ['for the management API', () => requests().backend.session.token],
  ])('CRD-01 NOT-06 SEC-15 a token %s', async (_name, token) => {
    const answer = await post(`Bearer ${await token()}`);
    expect(refusalOf(answer)).toBe('401 invalid_token');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
  });

  it('RFC 9449 7.1 a bearer token with the scheme DPoP', async () => {
    const answer = await post(`DPoP ${requests().token}`);
    expect(refusalOf(answer)).toBe('401 invalid_token');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
  });

  it('CRD-01 FAPI2 a token in the URL is refused, also beside a good header', async () => {
    const url = `${system().url}${path}?access_token=${requests().token}`;
    expect(refusalOf(await postJson(url, {}))).toBe('400 invalid_request');
    expect(refusalOf(await postJson(url, {}, { authorization: `Bearer ${requests().token}` }))).toBe('400 invalid_request');
  });

  it('CRD-01 FAPI2 a token in the body is none', async () => {
    const body = { access_token: requests().token };
    expect(refusalOf(await postForm(system().url + path, body))).toBe('401 invalid_token');
    expect(refusalOf(await postJson(system().url + path, body))).toBe('401 invalid_token');
  });

  it('RFC 9110 two Authorization headers are refused', async () => {
    const { token } = requests();
    expect(refusalOf(await post([`Bearer ${token}`, `Bearer ${token}`]))).toBe('400 invalid_request');
  });

  it.each(['GET', 'PUT', 'DELETE'])('CRD-01 does not take %s', async (method) => {
    const answer = await exchange(system().url + path, { method, headers: { authorization: `Bearer ${requests().token}` } });
    expect(refusalOf(answer)).toBe('405 invalid_request');
  });
});

describe('an access token', () => {
  it('RFC 6750 3.1 of an issuance that is over, or was withdrawn, is not good any more', async () => {
    const { backend, configurationId, request, proof, wallet } = requests();
    const { id, uri } = await backend.offer([configurationId]);
    const token = await wallet.token(uri);
    const authorization = `Bearer ${backend.session.token}`;
    const withdrawn = await exchange(`${system().url}/v1/openid/offers/pre-authorized/${id}`, {
      method: 'DELETE',
      headers: { authorization },
    });
    expect(withdrawn.status).toBe(204);
    const answer = await request([proof({ nonce: await wallet.nonce() })], token);
    expect(refusalOf(answer)).toBe('401 invalid_token');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
  });

  it('RFC 6750 3.1 of a session that does not exist is not good', async () => {
    const { request, proof, wallet } = requests();
    const token = await sign({ sessionId: 'A'.repeat(22), expiresAt: (now() + 60) * 1000 });
    expect(refusalOf(await request([proof({ nonce: await wallet.nonce() })], token))).toBe('401 invalid_token');
  });

  it('SEC-15 with the id of a token that was not given out is not good, though its session is', async () => {
    const { request, proof, wallet } = requests();
    const token = await sign({ tokenId: 'A'.repeat(22) });
    expect(refusalOf(await request([proof({ nonce: await wallet.nonce() })], token))).toBe('401 invalid_token');
  });
});
