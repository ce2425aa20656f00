import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { mintDpopNonce } from '../../../api/oauth/dpop-nonce.js';
import type { WalletClientDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ServerProcess } from '../../../scripts/engines/server-process.js';
import { exchange, postForm, postJson, type Exchange } from '../../flows/http-exchange.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import type { Answer } from '../../flows/plain-wallet.js';
import { dpopProof, newKeyPair, proofJwt } from '../../flows/signed-jwt.js';
import { useOwnProcesses } from '../../harness/use-system.js';
import { refusalOf } from '../wallet/refusal.js';
import { useCredentialRequests } from '../wallet/use-credential-requests.js';
import { assertion, CALLBACK, registerClient, seeRecords } from './wallet-clients.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
const TOKEN = '/v1/oauth/token';
const PAR = '/v1/oauth/par';

const system = useOwnProcesses({ apiEnv: { DPOP_NONCES: 'true' } });
const requests = useCredentialRequests(system);
const key = newKeyPair();

const newCode = async () => {
  const { backend, configurationId, wallet } = requests();
  return wallet.codeOf((await backend.offer([configurationId])).uri);
};
const proof = (path: string, nonce?: string, accessToken?: string) =>
  dpopProof({ url: system().url + path, key, payload: { nonce }, ...(accessToken === undefined ? {} : { accessToken }) });
const nonceOf = ({ headers }: Answer) => headers.get('dpop-nonce') ?? undefined;
const redeem = (code: string, headers: Exchange['headers'], more: Readonly<Record<string, string>> = {}) =>
  postForm(system().url + TOKEN, { grant_type: GRANT, 'pre-authorized_code': code, ...more }, headers);
const push = (headers: Exchange['headers'], more: Readonly<Record<string, string>> = { client_id: 'a-wallet' }) =>
  postForm(
    system().url + PAR,
    {
      response_type: 'code',
      redirect_uri: CALLBACK,
      code_challenge: randomBytes(32).toString('base64url'),
      code_challenge_method: 'S256',
      authorization_details: JSON.stringify([
        { type: 'openid_credential', credential_configuration_id: requests().configurationId },
      ]),
      ...more,
    },
    headers,
  );

describe('where DPoP nonces are asked for', () => {
  it('HAP-04 RFC 9449 8 the token endpoint refuses a proof without one, gives one, and leaves the code good', async () => {
    const code = await newCode();
    const refused = await redeem(code, { dpop: proof(TOKEN) });
    expect(refusalOf(refused)).toBe('400 use_dpop_nonce');
    const answer = await redeem(code, { dpop: proof(TOKEN, nonceOf(refused)) });
    expect(answer.status).toBe(200);
    expect(answer.json.token_type).toBe('DPoP');
  });

  it('HAP-04 RFC 9449 8 so does the PAR endpoint', async () => {
    const refused = await push({ dpop: proof(PAR) });
    expect(refusalOf(refused)).toBe('400 use_dpop_nonce');
    const answer = await push({ dpop: proof(PAR, nonceOf(refused)) });
    expect(answer.status).toBe(201);
    expect(nonceOf(answer)).toEqual(expect.any(String));
  });

  it('HAP-04 a nonce is good at every endpoint, and for several proofs', async () => {
    const nonce = nonceOf(await exchange(`${system().url}/v1/openid/nonce`, { method: 'POST' }));
    expect((await redeem(await newCode(), { dpop: proof(TOKEN, nonce) })).status).toBe(200);
    expect((await redeem(await newCode(), { dpop: proof(TOKEN, nonce) })).status).toBe(200);
    expect((await push({ dpop: proof(PAR, nonce) })).status).toBe(201);
  });

  it('NON-06 HAP-04 RFC 9449 8.2 every answer brings the next one, and web wallets may read it', async () => {
    const { request, wallet, proof: keyProof } = requests();
    const nonceAnswer = await exchange(`${system().url}/v1/openid/nonce`, { method: 'POST' });
    const answers = [
      nonceAnswer,
      await redeem(await newCode(), {}),
      await push({}),
      await request([keyProof({ nonce: await wallet.nonce() })], await requests().newToken()),
      await redeem('unknown', {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 201, 200, 400]);
    for (const answer of answers) {
      expect(answer.headers.get('access-control-expose-headers')).toContain('DPoP-Nonce');
      expect((await push({ dpop: proof(PAR, nonceOf(answer)) })).status).toBe(201);
    }
  });

  it.each([
    ['that is over', () => mintDpopNonce({ ...scope(), now: Date.now() - 300_000 })],
    ['of another issuer', () => mintDpopNonce({ ...scope(), issuerId: 'other' })],
    ['for key proofs', () => requests().nonce],
    ['that is garbage', () => 'garbage'],
  ])('HAP-04 a nonce %s is none', async (_name, nonce) => {
    expect(refusalOf(await push({ dpop: proof(PAR, nonce()) }))).toBe('400 use_dpop_nonce');
  });

  it('HAP-04 a request without a proof needs none', async () => {
    expect((await redeem(await newCode(), {})).status).toBe(200);
    expect((await push({})).status).toBe(201);
  });

  describe('a client assertion', () => {
    let client: WalletClientDocument;

    beforeAll(async () => {
      const jwks = { keys: [key.publicJwk] };
      client = await registerClient(system(), { tokenEndpointAuthMethod: 'private_key_jwt', jwks });
      await seeRecords(system());
    });

    it.each(['token', 'PAR'])('HAP-04 HAP-05 is good after a refusal for want of a nonce at the %s endpoint', async (name) => {
      const credentials = assertion({ clientId: client.clientId, audience: system().url, key });
      const code = await newCode();
      const send = (nonce?: string) =>
        name === 'PAR'
          ? push({ dpop: proof(PAR, nonce) }, credentials)
          : redeem(code, { dpop: proof(TOKEN, nonce) }, credentials);
      const refused = await send();
      expect(refusalOf(refused)).toBe('400 use_dpop_nonce');
      expect((await send(nonceOf(refused))).status).toBeLessThan(300);
    });
  });

  describe.each(['/v1/openid/credential', '/v1/openid/deferred-credential', '/v1/openid/notification'])('%s', (path) => {
    let bound: string;

    beforeAll(async () => {
      const nonce = mintDpopNonce(scope());
      bound = (await redeem(await newCode(), { dpop: proof(TOKEN, nonce) })).json.access_token as string;
    });

    it('HAP-04 RFC 9449 9 refuses a proof without one by 401, and gives one', async () => {
      const send = (nonce?: string) =>
        postJson(system().url + path, {}, { authorization: `DPoP ${bound}`, dpop: proof(path, nonce, bound) });
      const refused = await send();
      expect(refusalOf(refused)).toBe('401 use_dpop_nonce');
      expect(refused.headers.get('www-authenticate')).toMatch(/^DPoP error="use_dpop_nonce"/);
      // The empty body is what is wrong now.
      expect((await send(nonceOf(refused))).status).toBe(400);
    });
  });

  it('HAP-04 a bound token collects its credential with one', async () => {
    const { configurationId, wallet } = requests();
    const path = '/v1/openid/credential';
    const redeemed = await redeem(await newCode(), { dpop: proof(TOKEN, mintDpopNonce(scope())) });
    const token = redeemed.json.access_token as string;
    const jwt = [proofJwt({ issuer: system().url, nonce: await wallet.nonce() })];
    const answer = await postJson(
      system().url + path,
      { credential_configuration_id: configurationId, proofs: { jwt } },
      { authorization: `DPoP ${token}`, dpop: proof(path, nonceOf(redeemed), token) },
    );
    expect(answer.status).toBe(200);
  });
});

describe('where they are not asked for', () => {
  let relaxed: ServerProcess;

  beforeAll(async () => {
    relaxed = await system().startAnotherApi({ DPOP_NONCES: 'false' });
  });

  it('NON-06 HAP-04 no answer has one, and no proof needs one', async () => {
    const form = { grant_type: GRANT, 'pre-authorized_code': await newCode() };
    const token = await postForm(relaxed.url + TOKEN, form, { dpop: proof(TOKEN) });
    const nonce = await exchange(`${relaxed.url}/v1/openid/nonce`, { method: 'POST' });
    expect([token.status, nonce.status]).toEqual([200, 200]);
    for (const answer of [token, nonce]) expect(nonceOf(answer)).toBeUndefined();
  });
});

function scope() {
  return { ring: ringOf(system()), issuerId: DEFAULT_ISSUER_ID, now: Date.now() };
}
