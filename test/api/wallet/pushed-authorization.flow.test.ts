import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { openAuthorizationRequest } from '../../../api/oauth/authorization-request.js';
import { verifyDpopProof } from '../../../api/oauth/dpop.js';
import type { WalletClientDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import { exchange, postForm, type Exchange } from '../../flows/http-exchange.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import type { Answer } from '../../flows/plain-wallet.js';
import { dpopProof, newKeyPair, withChangedSignature } from '../../flows/signed-jwt.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { ManagementClient } from '../management/management-client.js';
import { CALLBACK, makeOffer, registerClient, seeRecords } from '../oauth/wallet-clients.js';
import { refusalOf } from './refusal.js';

const PREFIX = 'urn:ietf:params:oauth:request_uri:';

const system = useSharedSystem();
const key = newKeyPair();
let type: string;
let configurationId: string;
let client: WalletClientDocument;

beforeAll(async () => {
  const backend = await IssuerBackend.login(system());
  type = `urn:test:${randomUUID()}`;
  configurationId = await backend.configuration({ type });
  client = await registerClient(system());
  await seeRecords(system());
});

type Form = Readonly<Record<string, string>>;
const url = () => `${system().url}/v1/oauth/par`;
const form = (): Form => ({
  response_type: 'code',
  client_id: client.clientId,
  redirect_uri: CALLBACK,
  code_challenge: 'c'.repeat(43),
  code_challenge_method: 'S256',
  scope: `dc+sd-jwt:${type}`,
});
const push = (change: Form = {}, headers: Exchange['headers'] = {}) => postForm(url(), { ...form(), ...change }, headers);
const open = (answer: Answer, now = Date.now()) => {
  const uri = answer.json.request_uri as string;
  expect(uri.startsWith(PREFIX)).toBe(true);
  const text = uri.slice(PREFIX.length);
  return openAuthorizationRequest({ ring: ringOf(system()), issuerId: DEFAULT_ISSUER_ID, text, now });
};
const proof = (change: Partial<Parameters<typeof dpopProof>[0]> = {}) => dpopProof({ url: url(), key, ...change });

describe('a pushed authorization request', () => {
  it('AUT-13 HAP-03 is answered by a request_uri and its lifetime, stored by no cache', async () => {
    const answer = await push({ state: 'a state' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json(;|$)/);
    expect(answer.headers.get('cache-control')).toBe('no-cache, no-store');
    expect(Object.keys(answer.json).sort()).toEqual(['expires_in', 'request_uri']);
    expect(answer.json.expires_in).toBe(300);
  });

  it('AUT-13 AUT-14 is in its request_uri for as long as that lives, bound to the client', async () => {
    const before = Date.now();
    const answer = await push({ state: 'a state', login_hint: 'somebody@example.org' });
    const { sessionId, expiresAt, ...request } = open(answer)!;
    expect(request).toEqual({
      clientId: client.clientId,
      redirectUri: CALLBACK,
      isRegistered: true,
      state: 'a state',
      codeChallenge: 'c'.repeat(43),
      configurationIds: [configurationId],
      byAuthorizationDetails: [],
      parameters: { login_hint: 'somebody@example.org' },
    });
    expect(sessionId).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(expiresAt).toBeGreaterThanOrEqual(before + 300_000);
    expect(open(answer, expiresAt)).toBeUndefined();
  });

  it('AUT-14 SEC-09 shows nothing of what it says, and is another each time', async () => {
    const [one, other] = [await push({ login_hint: 'somebody' }), await push({ login_hint: 'somebody' })];
    expect(open(one)?.sessionId).not.toBe(open(other)?.sessionId);
    const text = Buffer.from((one.json.request_uri as string).split('.')[2]!, 'base64url').toString('latin1');
    for (const value of ['somebody', CALLBACK, client.clientId]) expect(text).not.toContain(value);
  });

  it('AUT-13 is put on record under its client, with the offer that it follows', async () => {
    const offer = await makeOffer(system(), { configurationIds: [configurationId] });
    const answer = await push({ issuer_state: offer.state });
    expect(open(answer)?.offerId).toBe(offer.id);
    const admin = await ManagementClient.admin(system());
    const query = `/v1/events?requestIds=${answer.headers.get('x-request-id') ?? ''}`;
    const events = async () => (await admin.get(query)).json.data;
    await expect.poll(events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'OPENID_PUSHED_AUTHORIZATION_START' }),
        expect.objectContaining({
          type: 'OPENID_PUSHED_AUTHORIZATION_SUCCESS',
          clientId: client.clientId,
          data: { offerId: offer.id },
        }),
      ]),
    );
  });

  it('AUT-13 AUT-14 that is as large as may be still fits into the URL of a browser', async () => {
    const answer = await push({ state: 's'.repeat(2048), ...Object.fromEntries(filling(20, 500)) });
    expect(answer.status).toBe(201);
    expect(encodeURIComponent(answer.json.request_uri as string).length).toBeLessThan(7700);
    expect(open(answer)?.state).toBe('s'.repeat(2048));
  });

  it('RFC 9126 2.3 of more than 16 kB is refused', async () => {
    expect(refusalOf(await push({ x: 'x'.repeat(17_000) }))).toBe('413 invalid_request');
    const details = Array.from({ length: 150 }, () => ({
      type: 'openid_credential',
      credential_configuration_id: configurationId,
    }));
    expect(refusalOf(await push({ authorization_details: JSON.stringify(details) }))).toBe('413 invalid_request');
  });
});

describe('a request to the PAR endpoint that is none', () => {
  it('AUT-13 RFC 9126 2.1 names another request_uri', async () => {
    const requestUri = (await push()).json.request_uri as string;
    for (const uri of [requestUri, 'https://wallet.example/request']) {
      expect(refusalOf(await push({ request_uri: uri }))).toBe('400 invalid_request');
    }
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])('AUT-13 RFC 9126 2.3 comes by %s', async (method) => {
    const answer = await exchange(url(), { method });
    expect(refusalOf(answer)).toBe('405 invalid_request');
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
  });

  const formType = { 'content-type': 'application/x-www-form-urlencoded' };
  it.each<[string, Exchange, string]>([
    ['JSON', { headers: { 'content-type': 'application/json' }, body: '{"response_type":"code"}' }, '415 invalid_request'],
    ['a form without Content-Type', { body: 'response_type=code' }, '415 invalid_request'],
    ['not UTF-8', { headers: formType, body: Buffer.from([0x61, 0x3d, 0xff]) }, '400 invalid_request'],
    ['empty', { headers: formType, body: '' }, '400 invalid_request'],
    ['garbage', { headers: formType, body: '%%%&&&===\u0000' }, '400 invalid_request'],
  ])('AUT-13 is %s', async (_name, request, refusal) => {
    expect(refusalOf(await exchange(url(), { method: 'POST', ...request }))).toBe(refusal);
  });

  it('AUT-13 has its parameters in the URL', async () => {
    const query = new URLSearchParams(form()).toString();
    expect(refusalOf(await exchange(`${url()}?${query}`, { method: 'POST', headers: formType, body: '' }))).toBe(
      '400 invalid_request',
    );
  });

  it.each(['client_id', 'scope', 'state', 'unknown'])('RFC 6749 3.1 has %s twice', async (name) => {
    const rest = Object.entries(form()).filter(([key_]) => key_ !== name);
    const twice: [string, string][] = [
      [name, 'x'],
      [name, 'x'],
    ];
    expect(refusalOf(await postForm(url(), [...rest, ...twice]))).toBe('400 invalid_request');
  });

  it('AUT-16 names a redirect URI that is not registered, and is refused here and nowhere else', async () => {
    const answer = await push({ redirect_uri: 'https://evil.example/' });
    expect(refusalOf(answer)).toBe('400 invalid_request');
    expect(answer.headers.get('location')).toBeNull();
  });
});

describe('a DPoP proof at the PAR endpoint', () => {
  const { thumbprint } = verifyDpopProof(dpopProof({ url: 'https://a.example/', key }), {
    method: 'POST',
    url: 'https://a.example/',
    now: Date.now(),
  });

  it('HAP-03 SEC-13 RFC 9449 10.1 binds the code to its key, as dpop_jkt does', async () => {
    expect(open(await push())).not.toHaveProperty('dpopThumbprint');
    expect(open(await push({}, { dpop: proof() }))?.dpopThumbprint).toBe(thumbprint);
    expect(open(await push({ dpop_jkt: thumbprint }))?.dpopThumbprint).toBe(thumbprint);
    expect(open(await push({ dpop_jkt: thumbprint }, { dpop: proof() }))?.dpopThumbprint).toBe(thumbprint);
  });

  it('SEC-13 RFC 9449 10.1 has to agree with dpop_jkt', async () => {
    const other = randomBytes(32).toString('base64url');
    expect(refusalOf(await push({ dpop_jkt: other }, { dpop: proof() }))).toBe('400 invalid_request');
  });

  it.each<[string, () => string | readonly string[]]>([
    ['a changed signature', () => withChangedSignature(proof())],
    ['the htu of the token endpoint', () => proof({ url: `${system().url}/v1/oauth/token` })],
    ['another htm', () => proof({ payload: { htm: 'GET' } })],
    ['garbage', () => 'garbage'],
    ['two proofs', () => [proof(), proof()]],
  ])('SEC-13 is refused for %s', async (_name, dpop) => {
    expect(refusalOf(await push({}, { dpop: dpop() }))).toBe('400 invalid_dpop_proof');
  });

  it('SEC-13 RFC 9449 11.1 is good once', async () => {
    const once = proof();
    expect((await push({}, { dpop: once })).status).toBe(201);
    expect(refusalOf(await push({}, { dpop: once }))).toBe('400 invalid_dpop_proof');
  });
});

describe('web wallets', () => {
  it('MET-19 may push requests from any origin', async () => {
    const preflight = await exchange(url(), {
      method: 'OPTIONS',
      headers: { origin: 'https://wallet.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect((await push()).headers.get('access-control-allow-origin')).toBe('*');
  });
});

function filling(count: number, length: number): [string, string][] {
  return Array.from({ length: count }, (_, n) => [`unknown_${n}`, 'x'.repeat(length)]);
}
