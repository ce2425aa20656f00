import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { exchange, postForm, type Exchange } from '../../flows/http-exchange.js';
import { IssuerBackend, PERSON } from '../../flows/issuer-backend.js';
import { PlainWallet, type Answer } from '../../flows/plain-wallet.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { refusalOf } from './refusal.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const system = useSharedSystem();
let backend: IssuerBackend;
let wallet: PlainWallet;
let configurationId: string;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
  configurationId = await backend.configuration();
});

const endpoint = () => `${system().url}/v1/oauth/token`;
const newCode = async () => wallet.codeOf((await backend.offer([configurationId])).uri);
const send = (parameters: Readonly<Record<string, string>>, headers: Exchange['headers'] = {}): Promise<Answer> =>
  postForm(endpoint(), { grant_type: GRANT, ...parameters }, headers);

describe('a token response', () => {
  it('TOK-02 TOK-13 TOK-16 TOK-18 SEC-06 is a bearer token of at most five minutes, and nothing else', async () => {
    const answer = await send({ 'pre-authorized_code': await newCode() });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json(;|$)/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(answer.json).sort()).toEqual(['access_token', 'expires_in', 'token_type']);
    expect(answer.json.token_type).toBe('Bearer');
    expect(answer.json.expires_in).toBeGreaterThan(290);
    expect(answer.json.expires_in).toBeLessThanOrEqual(300);
  });

  it('RFC 9068 TOK-05 holds an at+jwt for this issuer, limited to what was offered', async () => {
    const { id, uri } = await backend.offer([configurationId]);
    const token = await wallet.token(uri);
    const { alg, typ, kid } = decodeProtectedHeader(token);
    expect({ alg, typ }).toEqual({ alg: 'ES256', typ: 'at+jwt' });
    expect(kid).toEqual(expect.any(String));
    const { exp = 0, iat = 0, jti, ...claims } = decodeJwt(token);
    expect(exp - iat).toBe(300);
    expect(jti).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(claims).toEqual({
      iss: system().url,
      aud: system().url,
      sub: id,
      sid: id,
      client_id: 'anonymous',
      credential_configuration_ids: [configurationId],
    });
  });

  it('SEC-09 says nothing about the holder', async () => {
    const { uri, userId } = await backend.offer([configurationId]);
    const claims = JSON.stringify(decodeJwt(await wallet.token(uri)));
    for (const value of [userId, PERSON.given_name, PERSON.family_name]) expect(claims).not.toContain(value);
  });

  it('TOK-04 names the client_id of a wallet that says who it is', async () => {
    const answer = await send({ 'pre-authorized_code': await newCode(), client_id: 'https://wallet.example' });
    expect(decodeJwt(answer.json.access_token as string).client_id).toBe('https://wallet.example');
  });
});

describe('parameters', () => {
  it('TOK-07 that are not known are ignored', async () => {
    const answer = await send({
      'pre-authorized_code': await newCode(),
      unknown: 'x'.repeat(1000),
      ünïcode: '€',
      ['__proto__']: '1',
      redirect_uri: 'https://wallet.example/cb',
      scope: 'anything',
      resource: 'https://elsewhere.example',
      user_pin: '1234',
    });
    expect(answer.status).toBe(200);
  });

  it('RFC 6749 3.2 without a value count as left out', async () => {
    const code = await newCode();
    expect(refusalOf(await send({ grant_type: '', 'pre-authorized_code': code }))).toBe('400 invalid_request');
    expect(refusalOf(await send({ 'pre-authorized_code': '' }))).toBe('400 invalid_request');
    const answer = await send({ 'pre-authorized_code': code, tx_code: '', client_id: '', authorization_details: '' });
    expect(answer.status).toBe(200);
    expect(answer.json).not.toHaveProperty('authorization_details');
  });

  it.each(['grant_type', 'pre-authorized_code', 'tx_code', 'unknown'])('RFC 6749 3.2 %s given twice is refused', async (name) => {
    const code = await newCode();
    const once: [string, string][] = [
      ['grant_type', GRANT],
      ['pre-authorized_code', code],
    ];
    const value = once.find(([key]) => key === name)?.[1] ?? '123456';
    const twice: [string, string][] = [...once.filter(([key]) => key !== name), [name, value], [name, value]];
    expect(refusalOf(await postForm(endpoint(), twice))).toBe('400 invalid_request');
    expect((await postForm(endpoint(), once)).status).toBe(200);
  });

  it('TOK-02 have to be in the body, not in the URL', async () => {
    const query = new URLSearchParams({ grant_type: GRANT, 'pre-authorized_code': await newCode() });
    const answer = await exchange(`${endpoint()}?${query.toString()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: '',
    });
    expect(refusalOf(answer)).toBe('400 invalid_request');
  });

  it.each(['client_credentials', 'password', 'PRE-AUTHORIZED_CODE', `${GRANT} `, '"\\\r\n<script>', '☃'])(
    'TOK-02 TOK-03 RFC 6749 5.2 grant_type %j is not supported',
    async (grantType) => {
      const answer = await send({ grant_type: grantType, code: 'x', 'pre-authorized_code': 'x', tx_code: '1' });
      expect(refusalOf(answer)).toBe('400 unsupported_grant_type');
    },
  );
});

describe('a request that is none', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const bad: readonly (readonly [string, Exchange, string])[] = [
    ['JSON', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ grant_type: GRANT }) }, '415'],
    ['a form without Content-Type', { body: `grant_type=${GRANT}` }, '415'],
    ['multipart', { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' }, '415'],
    ['compressed', { headers: { ...form, 'content-encoding': 'gzip' }, body: 'x' }, '415'],
    ['larger than 64 kB', { headers: form, body: `x=${'x'.repeat(70_000)}` }, '413'],
    ['not UTF-8', { headers: form, body: Buffer.from([0x61, 0x3d, 0xff, 0xfe]) }, '400'],
    ['empty', { headers: form, body: '' }, '400'],
    ['garbage', { headers: form, body: '%%%&&&===\u0000' }, '400'],
  ];

  it.each(bad)('RFC 6749 5.2 %s', async (_name, request, status) => {
    expect(refusalOf(await exchange(endpoint(), { method: 'POST', ...request }))).toBe(`${status} invalid_request`);
  });

  it('RFC 6749 3.2 the charset of a form does not matter', async () => {
    const headers = { 'content-type': 'Application/X-WWW-Form-URLencoded; charset=UTF-8' };
    expect((await send({ 'pre-authorized_code': await newCode() }, headers)).status).toBe(200);
  });

  it.each(['GET', 'PUT', 'DELETE'])('RFC 6749 3.2 by %s', async (method) => {
    const answer = await exchange(endpoint(), { method });
    expect(refusalOf(answer)).toBe('405 invalid_request');
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
  });
});
