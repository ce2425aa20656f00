import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ServerProcess } from '../../../scripts/engines/server-process.js';
import { exchange, postForm, postJson } from '../../flows/http-exchange.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { credentialsOf, newHolderKey, PlainWallet } from '../../flows/plain-wallet.js';
import { dpopProof, newKeyPair, proofJwt } from '../../flows/signed-jwt.js';
import { useOwnProcesses } from '../../harness/use-system.js';
import { refusalOf } from './refusal.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const system = useOwnProcesses();
let backend: IssuerBackend;
let configurationId: string;
/** A second API process with the same settings. */
let twin: ServerProcess;
let [here, there]: PlainWallet[] = [];

beforeAll(async () => {
  twin = await system().startAnotherApi();
  backend = await IssuerBackend.login(system());
  configurationId = await backend.configuration();
  here = new PlainWallet(system().url);
  there = new PlainWallet(system().url, { at: twin.url });
});

const first = () => here as PlainWallet;
const second = () => there as PlainWallet;
const newOffer = async () => (await backend.offer([configurationId])).uri;
const newCode = async () => first().codeOf(await newOffer());
const redeemAt = (url: string, parameters: Readonly<Record<string, string>>, headers = {}) =>
  postForm(`${url}/v1/oauth/token`, { grant_type: GRANT, ...parameters }, headers);

describe('two API processes of one issuer', () => {
  it('NON-01 CRD-08 take the nonces, codes and tokens of each other', async () => {
    const token = await second().token(await newOffer());
    const nonce = await second().nonce();
    const proof = proofJwt({ issuer: system().url, nonce });
    const body = JSON.stringify({ credential_configuration_id: configurationId, proofs: { jwt: [proof] } });
    const answer = await first().requestCredential(token, body);
    expect(credentialsOf(answer)).toHaveLength(1);
    // The same request, repeated at the other process after its answer was lost.
    expect((await second().requestCredential(token, body)).text).toBe(answer.text);
    expect((await second().notify(token, answer.json.notification_id as string)).status).toBe(204);
  });

  it('SEC-04 spend a nonce once between them', async () => {
    const proof = proofJwt({ issuer: system().url, nonce: await first().nonce() });
    const body = JSON.stringify({ credential_configuration_id: configurationId, proofs: { jwt: [proof] } });
    const [one, two] = [await first().token(await newOffer()), await second().token(await newOffer())];
    const answers = await Promise.all([first().requestCredential(one, body), second().requestCredential(two, body)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const loser = answers.find(({ status }) => status === 400);
    expect(loser === undefined ? '' : refusalOf(loser)).toBe('400 invalid_nonce');
  });

  it('SEC-02 redeem a code once between them', async () => {
    const code = await newCode();
    const answers = await Promise.all([first().redeem(code), second().redeem(code), first().redeem(code), second().redeem(code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
  });

  it('SEC-13 take a DPoP proof once between them', async () => {
    const url = `${system().url}/v1/oauth/token`;
    const dpop = dpopProof({ url, key: newKeyPair() });
    const [one, two] = [await newCode(), await newCode()];
    expect((await redeemAt(system().url, { 'pre-authorized_code': one }, { dpop })).status).toBe(200);
    expect(refusalOf(await redeemAt(twin.url, { 'pre-authorized_code': two }, { dpop }))).toBe('400 invalid_dpop_proof');
    expect((await redeemAt(twin.url, { 'pre-authorized_code': two })).status).toBe(200);
  });

  it('SEC-13 of one proof sent to both at once take one', async () => {
    const key = newKeyPair();
    const token = await dpopToken(key);
    const url = `${system().url}/v1/openid/notification`;
    const headers = { authorization: `DPoP ${token}`, dpop: dpopProof({ url, key, accessToken: token }) };
    const answers = await Promise.all(
      [system().url, twin.url].map((at) => postJson(`${at}/v1/openid/notification`, {}, headers)),
    );
    expect(answers.map(refusalOf).sort()).toEqual(['400 invalid_notification_request', '401 invalid_dpop_proof']);
  });

  it('MET-19 serve the same metadata, and a new configuration within seconds', async () => {
    const id = await backend.configuration();
    const at = (url: string) => exchange(`${url}/.well-known/openid-credential-issuer`);
    await expect.poll(async () => (await at(twin.url)).text.includes(id), { timeout: 10_000 }).toBe(true);
    const [one, two] = [await at(system().url), await at(twin.url)];
    expect(two.text).toBe(one.text);
    expect(two.headers.get('etag')).toBe(one.headers.get('etag'));
  });

  it('CRD-04 take a request for a configuration that the other made a moment ago', async () => {
    const id = await backend.configuration();
    const token = await second().token((await backend.offer([id])).uri);
    const answer = await second().requestCredential(token, await second().credentialRequest(id));
    expect(credentialsOf(answer)).toHaveLength(1);
  });

  async function dpopToken(key: ReturnType<typeof newKeyPair>): Promise<string> {
    const dpop = dpopProof({ url: `${system().url}/v1/oauth/token`, key });
    const answer = await redeemAt(system().url, { 'pre-authorized_code': await newCode() }, { dpop });
    expect(answer.json.token_type).toBe('DPoP');
    return answer.json.access_token as string;
  }
});

describe('an API process that bounds requests', () => {
  it('SEC-03 NON-07 answers an address that asks too often by 429, and says when to come again', async () => {
    const bounded = await system().startAnotherApi({ RATE_LIMIT_PER_MINUTE: '3' });
    const guess = () => redeemAt(bounded.url, { 'pre-authorized_code': `${'A'.repeat(22)}.${'A'.repeat(43)}` });
    for (let request = 0; request < 3; request += 1) expect(refusalOf(await guess())).toBe('400 invalid_grant');
    const answer = await guess();
    expect(refusalOf(answer)).toBe('429 temporarily_unavailable');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const nonce = await exchange(`${bounded.url}/v1/openid/nonce`, { method: 'POST' });
    expect(nonce.status).toBe(429);
  });
});

describe('an API process of strict settings', () => {
  let strict: ServerProcess;
  let wallet: PlainWallet;
  const key = newKeyPair();

  beforeAll(async () => {
    strict = await system().startAnotherApi({
      ANONYMOUS_ACCESS: 'false',
      DPOP_REQUIRED: 'true',
      BATCH_SIZE: '1',
      DPOP_ACCESS_TOKEN_SECONDS: '600',
      REQUEST_MAX_BYTES: '2048',
    });
    wallet = new PlainWallet(system().url, { at: strict.url });
  });

  const proof = () => dpopProof({ url: `${system().url}/v1/oauth/token`, key });
  const redeem = (parameters: Readonly<Record<string, string>>, headers = {}) => redeemAt(strict.url, parameters, headers);

  it('ASM-03 says that anonymous access is not supported', async () => {
    const { json } = await exchange(`${strict.url}/.well-known/oauth-authorization-server`);
    expect(json['pre-authorized_grant_anonymous_access_supported']).toBe(false);
  });

  it('TOK-04 TOK-12 answers a wallet without client_id by invalid_client, and leaves its code good', async () => {
    const code = await newCode();
    expect(refusalOf(await redeem({ 'pre-authorized_code': code }, { dpop: proof() }))).toBe('401 invalid_client');
    const answer = await redeem({ 'pre-authorized_code': code, client_id: 'wallet' }, { dpop: proof() });
    expect(answer.status).toBe(200);
  });

  it('SEC-13 wants a DPoP proof, and leaves the code good without one', async () => {
    const code = await newCode();
    const parameters = { 'pre-authorized_code': code, client_id: 'wallet' };
    expect(refusalOf(await redeem(parameters))).toBe('400 invalid_dpop_proof');
    const answer = await redeem(parameters, { dpop: proof() });
    expect(answer.json.token_type).toBe('DPoP');
    expect(answer.json.expires_in, 'only bound tokens live longer than five minutes').toBeGreaterThan(500);
  });

  it('MET-08 CRD-07 offers no batches, and takes one proof only', async () => {
    const { json } = await exchange(`${strict.url}/.well-known/openid-credential-issuer`);
    expect(json).not.toHaveProperty('batch_credential_issuance');
    const token = await first().token(await newOffer());
    const two = await wallet.credentialRequest(configurationId, [newHolderKey(), newHolderKey()]);
    expect(refusalOf(await wallet.requestCredential(token, two))).toBe('400 invalid_credential_request');
    expect(credentialsOf(await wallet.requestCredential(token, await wallet.credentialRequest(configurationId)))).toHaveLength(1);
  });

  it('F.1 wants the client_id as iss of a proof that has one', async () => {
    const parameters = { 'pre-authorized_code': await newCode(), client_id: 'wallet' };
    const token = (await redeem(parameters, { dpop: proof() })).json.access_token as string;
    const url = `${system().url}/v1/openid/credential`;
    const request = async (iss: string) => {
      const jwt = proofJwt({ issuer: system().url, nonce: await wallet.nonce(), payload: { iss } });
      return postJson(
        `${strict.url}/v1/openid/credential`,
        { credential_configuration_id: configurationId, proofs: { jwt: [jwt] } },
        { authorization: `DPoP ${token}`, dpop: dpopProof({ url, key, accessToken: token }) },
      );
    };
    expect(refusalOf(await request('another'))).toBe('400 invalid_proof');
    expect((await request('wallet')).status).toBe(200);
  });

  it('takes no body larger than its setting', async () => {
    const token = await first().token(await newOffer());
    const answer = await wallet.requestCredential(token, JSON.stringify({ filling: 'x'.repeat(2100) }));
    expect(refusalOf(answer)).toBe('413 invalid_credential_request');
    const form = { 'pre-authorized_code': randomBytes(2000).toString('hex') };
    expect(refusalOf(await redeem(form))).toBe('413 invalid_request');
  });
});
