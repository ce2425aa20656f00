import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../flows/plain-wallet.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { newClient, send } from './management-client.js';

const system = useSharedSystem();
let client: { clientId: string; clientSecret: string };

beforeAll(async () => {
  client = await newClient(system(), ['issuer']);
});

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const GRANT = { grant_type: 'client_credentials' };

const askFor = (body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  send(`${system().url}/oauth/token`, 'POST', { body, headers });
const form = (parameters: Readonly<Record<string, string>>) => new URLSearchParams(parameters).toString();
const inBody = () => ({ client_id: client.clientId, client_secret: client.clientSecret });
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});

describe('POST /oauth/token', () => {
  it("answers in MATTR's shape, and nobody may store the answer", async () => {
    const answer = await askFor({ ...GRANT, ...inBody(), audience: system().url });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
      token_type: 'Bearer',
      expires_in: 86_400,
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it.each([
    ['as JSON', () => askFor({ ...GRANT, ...inBody() })],
    ['as JSON with a charset', () => askFor({ ...GRANT, ...inBody() }, { 'content-type': 'application/json; charset=utf-8' })],
    ['as a form', () => askFor(form({ ...GRANT, ...inBody() }), FORM)],
    ['as a form with the audience left empty', () => askFor(form({ ...GRANT, ...inBody(), audience: '' }), FORM)],
    ['by HTTP Basic and a form', () => askFor(form(GRANT), { ...FORM, ...basic(client.clientId, client.clientSecret) })],
    ['by HTTP Basic and JSON', () => askFor(GRANT, basic(client.clientId, client.clientSecret))],
    [
      'by HTTP Basic and the same client_id in the body',
      () => askFor({ ...GRANT, client_id: client.clientId }, basic(client.clientId, client.clientSecret)),
    ],
    ['with the audience of management tokens', () => askFor({ ...GRANT, ...inBody(), audience: `${system().url}/management` })],
    ['with parameters it does not know', () => askFor({ ...GRANT, ...inBody(), scope: 'anything', resource: { a: 1 } })],
  ])('takes client credentials %s', async (_how, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(200);
    const list = await send(`${system().url}/v1/claim-sources?limit=1`, 'GET', {
      headers: { authorization: `Bearer ${answer.json.access_token as string}` },
    });
    expect(list.status).toBe(200);
  });

  it.each([
    ['a wrong secret', () => askFor({ ...GRANT, ...inBody(), client_secret: 'wrong' })],
    ['an unknown client', () => askFor({ ...GRANT, ...inBody(), client_id: randomUUID() })],
    ['a client without a secret', () => askFor({ ...GRANT, client_id: client.clientId })],
    ['no client at all', () => askFor(GRANT)],
    ['a wrong secret by HTTP Basic', () => askFor(form(GRANT), { ...FORM, ...basic(client.clientId, 'wrong') })],
    ['another authentication scheme', () => askFor(GRANT, { authorization: 'Digest username="admin"' })],
    ['HTTP Basic that is no base64', () => askFor(GRANT, { authorization: 'Basic ***' })],
    ['HTTP Basic without a colon', () => askFor(GRANT, { authorization: `Basic ${Buffer.from('admin').toString('base64')}` })],
    [
      'HTTP Basic with broken percent-encoding',
      () => askFor(GRANT, { authorization: `Basic ${Buffer.from('%zz:%').toString('base64')}` }),
    ],
    [
      'another client_id in the body than by HTTP Basic',
      () => askFor({ ...GRANT, client_id: randomUUID() }, basic(client.clientId, client.clientSecret)),
    ],
  ])("refuses %s with MATTR's 401 access_denied", async (_what, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({ error: 'access_denied', error_description: 'Unauthorized' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('RFC 6749 5.2 names the scheme where the client used the Authorization header', async () => {
    const byHeader = await askFor(form(GRANT), { ...FORM, ...basic(client.clientId, 'wrong') });
    expect(byHeader.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    const byBody = await askFor({ ...GRANT, ...inBody(), client_secret: 'wrong' });
    expect(byBody.headers.get('www-authenticate')).toBeNull();
  });

  it('counts a changed secret at once', async () => {
    const { clientId, clientSecret } = await newClient(system(), ['issuer']);
    const ask = () => askFor({ ...GRANT, client_id: clientId, client_secret: clientSecret });
    expect((await ask()).status).toBe(200);
    await system().db.clients.updateOne({ _id: clientId }, { $set: { secretHash: 'another.hash' } });
    expect((await ask()).status).toBe(401);
  });

  it.each([
    ['an unknown grant', { grant_type: 'password' }, 'unsupported_grant_type'],
    ["the wallet's grant", { grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code' }, 'unsupported_grant_type'],
    ['an audience of another server', { audience: 'https://other.example' }, 'invalid_target'],
    ['no grant', { grant_type: undefined }, 'invalid_request'],
    ['a grant that is no string', { grant_type: ['client_credentials'] }, 'invalid_request'],
    ['a client_id that is no string', { client_id: { $ne: '' } }, 'invalid_request'],
    ['a secret that is too long', { client_secret: 'x'.repeat(513) }, 'invalid_request'],
  ])('refuses %s', async (_what, change, error) => {
    const answer = await askFor({ ...GRANT, ...inBody(), ...change });
    expect([answer.status, answer.json.error]).toEqual([400, error]);
    expect(Object.keys(answer.json).sort()).toEqual(['error', 'error_description']);
  });

  it('RFC 6749 2.3 refuses a client that authenticates in two ways at once', async () => {
    const answer = await askFor({ ...GRANT, ...inBody() }, basic(client.clientId, client.clientSecret));
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid_request']);
  });

  it.each([
    ['JSON that is none', '{"grant_type":', 400],
    ['a JSON array', '[]', 400],
    ['the JSON null', 'null', 400],
    ['an empty body', '', 400],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400],
    ['a body of 17 kB', JSON.stringify({ ...GRANT, more: 'x'.repeat(17_000) }), 413],
  ])('refuses %s', async (_what, body, status) => {
    const response = await fetch(`${system().url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('refuses a form that names a parameter twice, and another media type', async () => {
    const twice = await askFor(`${form({ ...GRANT, ...inBody() })}&client_id=other`, FORM);
    expect([twice.status, twice.json.error]).toEqual([400, 'invalid_request']);
    const text = await askFor(JSON.stringify(GRANT), { 'content-type': 'text/plain' });
    expect([text.status, text.json.error]).toEqual([415, 'invalid_request']);
  });

  it('never repeats a secret in what it refuses', async () => {
    const answer = await askFor({ ...GRANT, client_id: ['x'], client_secret: 'a-secret-in-a-broken-request' });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain('a-secret-in-a-broken-request');
  });
});
