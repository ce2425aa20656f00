import { beforeAll, describe, expect, it } from 'vitest';
import { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import { newSession, sessionToken } from '../../../api/codec/session-token.js';
import { EncryptionCodec } from '../../../worker/payload-codec.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { PERSON } from '../../flows/issuer-backend.js';
import { CodecBrowser, valuesOf } from './codec-browser.js';
import { issueAndReadHistory, type IssuedHistory } from './issued-history.js';

const system = useSharedSystem();
let issued: IssuedHistory;

beforeAll(async () => {
  issued = await issueAndReadHistory(system());
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function loggedIn(): Promise<CodecBrowser> {
  const browser = new CodecBrowser(system());
  const { clientId, clientSecret } = system().admin;
  expect((await browser.logIn(clientId, clientSecret)).status).toBe(303);
  return browser;
}

async function managementToken(): Promise<string> {
  const { clientId, clientSecret } = system().admin;
  const response = await fetch(`${system().url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

describe('the history of an issuance, as Temporal stores it', () => {
  it('has encrypted payloads only', () => {
    expect(issued.payloads.length).toBeGreaterThan(4);
    for (const { metadata } of issued.payloads) expect(metadata.encoding).toBe(base64('binary/encrypted'));
  });

  it('shows nothing of what the payloads hold', () => {
    for (const hidden of ['codeHash', 'holderKeys', 'issuedRef', 'phase lasts', PERSON.given_name, PERSON.address.locality]) {
      expect(issued.text).not.toContain(hidden);
    }
  });
});

describe('payloads decoded for Temporal UI', () => {
  it('are readable after login, and even then hold no personal data', async () => {
    const response = await (await loggedIn()).decode(issued.payloads);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = JSON.stringify(await valuesOf(response));
    for (const readable of [`"sessionId":"${issued.sessionId}"`, '"holderKeys"', '"issuedRef"']) expect(text).toContain(readable);
    // Which timer there is depends on how soon the wallet came.
    expect(text).toMatch(/offer expires|session ends|phase lasts/);
    for (const value of [PERSON.given_name, PERSON.family_name, PERSON.address.locality]) expect(text).not.toContain(value);
  });

  it("are readable where they are a reusable offer's", async () => {
    const codec = new EncryptionCodec(ringOf(system()));
    const encrypted = async (workflowId: string) => {
      const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"how it stands"') };
      const [{ metadata, data } = {}] = await codec.encode([payload], { type: 'workflow', namespace: 'default', workflowId });
      const pairs = Object.entries(metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]);
      return { metadata: Object.fromEntries(pairs) as unknown, data: Buffer.from(data ?? []).toString('base64') };
    };
    const own = await encrypted('offer:default:an-offer');
    const foreign = await encrypted('offer:another:an-offer');
    const response = await (await loggedIn()).decode([own, foreign]);
    const { payloads } = (await response.json()) as { payloads: readonly { data: string }[] };
    expect(payloads[0]?.data).toBe(base64('"how it stands"'));
    expect(payloads[1]).toEqual(foreign);
  });

  it('are readable with a management token', async () => {
    const authorization = `Bearer ${await managementToken()}`;
    const response = await new CodecBrowser(system()).decode(issued.payloads, { headers: { authorization } });
    expect(JSON.stringify(await valuesOf(response))).toContain(issued.sessionId);
  });

  it('are no business of anyone without a login: 401, and nothing readable', async () => {
    const browser = new CodecBrowser(system());
    for (const authorization of [undefined, 'Bearer not-a-token', 'Basic YWRtaW46YWRtaW4=']) {
      const response = await browser.decode(issued.payloads, authorization === undefined ? {} : { headers: { authorization } });
      expect(response.status).toBe(401);
      expect(await response.text()).not.toContain('payloads');
    }
  });

  it('are refused with an expired and with a forged login', async () => {
    const client = await system().db.clients.findOne({ _id: system().admin.clientId });
    const secretHash = client?.secretHash ?? '';
    const { clientId } = system().admin;
    const ring = new KeyEncryptionRing([new Uint8Array(Buffer.from(system().masterKey, 'base64url'))]);
    const foreign = new KeyEncryptionRing([new Uint8Array(Buffer.alloc(32, 7))]);
    const fresh = newSession({ clientId, secretHash, now: Date.now() });
    const decode = (token: string) => {
      const browser = new CodecBrowser(system());
      browser.cookies.set('chancery-codec', token);
      return browser.decode(issued.payloads);
    };
    expect((await decode(sessionToken(ring, fresh))).status).toBe(200);
    expect((await decode(sessionToken(ring, { ...fresh, expiresAt: Date.now() - 1 }))).status).toBe(401);
    expect((await decode(sessionToken(foreign, fresh))).status).toBe(401);
    expect((await decode(sessionToken(ring, { ...fresh, clientId: 'nobody' }))).status).toBe(401);
  });

  it('are refused after logout, also to a copy of the cookie', async () => {
    const browser = await loggedIn();
    const copy = new CodecBrowser(system());
    copy.cookies.set('chancery-codec', browser.login ?? '');
    expect((await copy.decode(issued.payloads)).status).toBe(200);
    expect((await browser.submit('/logout', {})).status).toBe(303);
    expect(browser.login).toBeUndefined();
    expect((await copy.decode(issued.payloads)).status).toBe(401);
  });

  it('stay as they are where they belong to another issuer, were changed, or are not encrypted', async () => {
    const [payload] = issued.payloads;
    if (payload === undefined) throw new Error('the history has no payloads');
    const foreign = { ...payload, metadata: { ...payload.metadata, scope: base64('iss:another:session') } };
    const plain = { metadata: { encoding: base64('json/plain') }, data: base64('"plain"') };
    const claimed = { ...payload, metadata: { ...payload.metadata, scope: base64('iss:default:session') } };
    const response = await (await loggedIn()).decode([foreign, plain, claimed, ...issued.payloads]);
    const { payloads } = (await response.json()) as { payloads: readonly { data: string }[] };
    expect(payloads[0]).toEqual(foreign);
    expect(payloads[1]).toEqual(plain);
    expect(Buffer.from(payloads[2]?.data ?? '', 'base64').toString()).toContain('unreadable');
    const own = payloads.slice(3).map(({ data }) => Buffer.from(data, 'base64').toString());
    expect(own.some((text) => text.includes(issued.sessionId))).toBe(true);
  });

  it('are written to the event log, by number and reader, without their content', async () => {
    const [payload] = issued.payloads;
    const response = await (await loggedIn()).decode([payload, payload, payload]);
    const requestId = response.headers.get('x-request-id') ?? '';
    const event = await expect
      .poll(() => system().db.events.findOne({ issuerId: 'default', requestId, type: 'TEMPORAL_CODEC_DECODE_SUCCESS' }), {
        timeout: 5000,
      })
      .not.toBeNull()
      .then(() => system().db.events.findOne({ issuerId: 'default', requestId, type: 'TEMPORAL_CODEC_DECODE_SUCCESS' }));
    expect(event).toMatchObject({ clientId: system().admin.clientId, data: { payloads: 3 } });
    expect(JSON.stringify(event)).not.toContain(issued.sessionId);
  });
});

describe('scripts of other pages', () => {
  it('get neither CORS nor an answer, even with the cookie of a login', async () => {
    const browser = await loggedIn();
    for (const origin of ['https://evil.example', system().url, 'http://localhost:1', 'null']) {
      const response = await browser.decode(issued.payloads, { origin });
      expect(response.status).toBe(401);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it('of Temporal UI get both, refusals included', async () => {
    const origin = system().temporalUiUrl;
    for (const browser of [await loggedIn(), new CodecBrowser(system())]) {
      const { headers } = await browser.decode(issued.payloads);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('vary')).toContain('Origin');
    }
  });

  it('have their preflights answered for the origin of Temporal UI alone', async () => {
    const preflight = (origin: string) =>
      fetch(`${system().url}/v1/temporal/codec/decode`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,x-namespace',
        },
      });
    const allowed = await preflight(system().temporalUiUrl);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('x-namespace');
    expect(allowed.headers.get('access-control-allow-methods')).toBe('POST');
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('requests the codec server cannot read', () => {
  it('get a 4xx that says what to change', async () => {
    const browser = await loggedIn();
    const send = (body: string, headers: Readonly<Record<string, string>> = {}) =>
      fetch(`${system().url}/v1/temporal/codec/decode`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: system().temporalUiUrl,
          cookie: `chancery-codec=${browser.login ?? ''}`,
          ...headers,
        },
        body,
      });
    expect((await send('{')).status).toBe(400);
    expect((await send('{"payloads":{}}')).status).toBe(400);
    expect((await send('{"payloads":[]}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await send(JSON.stringify({ payloads: [], more: 'x'.repeat(4_194_304) }))).status).toBe(413);
    const namespace = await send('{"payloads":[]}', { 'x-namespace': 'another' });
    expect(namespace.status).toBe(400);
    expect(await namespace.text()).toContain('X-Namespace');
    expect((await send('{"payloads":[]}')).status).toBe(200);
  });

  it('include any wish to encode, and other methods', async () => {
    expect((await fetch(`${system().url}/v1/temporal/codec/encode`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${system().url}/v1/temporal/codec/decode`)).status).toBe(405);
  });
});
