import { beforeAll, describe, expect, it } from 'vitest';
import { decodeJwt } from 'jose';
import { verifyDpopProof } from '../../../api/oauth/dpop.js';
import { postForm, postJson, type Exchange } from '../../flows/http-exchange.js';
import { dpopProof, newKeyPair, withChangedSignature } from '../../flows/signed-jwt.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { refusalOf } from '../wallet/refusal.js';
import { useCredentialRequests } from '../wallet/use-credential-requests.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const system = useSharedSystem();
const requests = useCredentialRequests(system);
const key = newKeyPair();
/** Bound to the key. */
let bound: string;

beforeAll(async () => {
  bound = (await redeem(await newCode(), tokenProof())).json.access_token as string;
});

const tokenUrl = () => `${system().url}/v1/oauth/token`;
const newCode = async () => {
  const { backend, configurationId, wallet } = requests();
  return wallet.codeOf((await backend.offer([configurationId])).uri);
};
const tokenProof = (change: Partial<Parameters<typeof dpopProof>[0]> = {}) => dpopProof({ url: tokenUrl(), key, ...change });
const redeem = (code: string, dpop: string | readonly string[]) =>
  postForm(tokenUrl(), { grant_type: GRANT, 'pre-authorized_code': code }, { dpop });

describe('the token endpoint', () => {
  it('SEC-13 TOK-13 TOK-16 binds the token to the key of the proof', async () => {
    const answer = await redeem(await newCode(), tokenProof());
    expect(answer.status).toBe(200);
    expect(answer.json.token_type).toBe('DPoP');
    const { thumbprint } = verifyDpopProof(tokenProof(), { method: 'POST', url: tokenUrl(), now: Date.now() });
    expect(decodeJwt(answer.json.access_token as string).cnf).toEqual({ jkt: thumbprint });
  });

  it('SEC-13 answers a bad proof by invalid_dpop_proof, and leaves the code good', async () => {
    const code = await newCode();
    const bad = [
      withChangedSignature(tokenProof()),
      tokenProof({ payload: { htm: 'GET' } }),
      tokenProof({ url: `${system().url}/v1/openid/credential` }),
      'garbage',
      '',
    ];
    for (const proof of bad) expect(refusalOf(await redeem(code, proof)), proof).toBe('400 invalid_dpop_proof');
    expect((await redeem(code, tokenProof())).status).toBe(200);
  });

  it('SEC-13 RFC 9449 4.3 check 1 takes one DPoP header only', async () => {
    const code = await newCode();
    const proofs = [tokenProof(), tokenProof()];
    expect(refusalOf(await redeem(code, proofs))).toBe('400 invalid_dpop_proof');
    expect(refusalOf(await redeem(code, proofs.join(', ')))).toBe('400 invalid_dpop_proof');
  });

  it('SEC-13 RFC 9449 11.1 takes a proof once', async () => {
    const proof = tokenProof();
    expect((await redeem(await newCode(), proof)).status).toBe(200);
    expect(refusalOf(await redeem(await newCode(), proof))).toBe('400 invalid_dpop_proof');
  });

  it('SEC-13 takes the same jti of another key', async () => {
    const payload = { jti: `shared-${Math.random()}` };
    expect((await redeem(await newCode(), tokenProof({ payload }))).status).toBe(200);
    expect((await redeem(await newCode(), tokenProof({ payload, key: newKeyPair() }))).status).toBe(200);
    expect(refusalOf(await redeem(await newCode(), tokenProof({ payload })))).toBe('400 invalid_dpop_proof');
  });
});

describe.each(['/v1/openid/credential', '/v1/openid/deferred-credential', '/v1/openid/notification'])('%s', (path) => {
  const url = () => system().url + path;
  const proof = (change: Partial<Parameters<typeof dpopProof>[0]> = {}) =>
    dpopProof({ url: url(), key, accessToken: bound, ...change });
  const post = (headers: Exchange['headers']) => postJson(url(), {}, headers);
  const refusedAs = async (headers: Exchange['headers']) => {
    const answer = await post(headers);
    expect(answer.headers.get('www-authenticate') ?? '').toMatch(/^DPoP /);
    expect(answer.headers.get('www-authenticate')).toContain(`error="${String(answer.json.error)}"`);
    return refusalOf(answer);
  };

  it('SEC-13 CRD-01 takes a bound token with a proof of its key, in any case of the scheme', async () => {
    for (const scheme of ['DPoP', 'dpop', 'DPOP']) {
      // The empty body is what is wrong now.
      expect((await post({ authorization: `${scheme} ${bound}`, dpop: proof() })).status).toBe(400);
    }
  });

  it('SEC-13 RFC 9449 7.2 does not take a bound token as a bearer token', async () => {
    expect(await refusedAs({ authorization: `Bearer ${bound}` })).toBe('401 invalid_token');
    expect(await refusedAs({ authorization: `Bearer ${bound}`, dpop: proof() })).toBe('401 invalid_token');
  });

  it.each([
    ['no proof', () => undefined],
    ['garbage', () => 'garbage'],
    ['a changed signature', () => withChangedSignature(proof())],
    ['no ath', () => dpopProof({ url: url(), key })],
    ["another token's ath", () => proof({ accessToken: requests().token })],
    ['the htu of the token endpoint', () => proof({ url: tokenUrl() })],
    ['another htm', () => proof({ payload: { htm: 'GET' } })],
    ['an old iat', () => proof({ payload: { iat: Math.floor(Date.now() / 1000) - 120 } })],
    ['two proofs', () => [proof(), proof()]],
  ])('SEC-13 answers %s by 401 invalid_dpop_proof', async (_name, dpop) => {
    const given = dpop();
    const headers = { authorization: `DPoP ${bound}`, ...(given === undefined ? {} : { dpop: given }) };
    expect(await refusedAs(headers)).toBe('401 invalid_dpop_proof');
  });

  it("SEC-13 RFC 9449 4.3 check 12 answers another key's proof by 401 invalid_token", async () => {
    expect(await refusedAs({ authorization: `DPoP ${bound}`, dpop: proof({ key: newKeyPair() }) })).toBe('401 invalid_token');
  });

  it('SEC-13 RFC 9449 11.1 takes a proof once', async () => {
    const headers = { authorization: `DPoP ${bound}`, dpop: proof() };
    expect((await post(headers)).status).toBe(400);
    expect(await refusedAs(headers)).toBe('401 invalid_dpop_proof');
  });
});
