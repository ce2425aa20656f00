import { beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../flows/http-exchange.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { refusalOf } from './refusal.js';

const system = useSharedSystem();
let backend: IssuerBackend;
let typePath: string;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  const type = `Published document ${Math.random().toString(36).slice(2)}`;
  await backend.configuration({ type });
  typePath = `/vct/${encodeURIComponent(type)}`;
});

const documents: readonly (readonly [string, () => string])[] = [
  ['/.well-known/openid-credential-issuer', () => '/.well-known/openid-credential-issuer'],
  ['/.well-known/oauth-authorization-server', () => '/.well-known/oauth-authorization-server'],
  ['/.well-known/openid-configuration', () => '/.well-known/openid-configuration'],
  ['/.well-known/jwt-vc-issuer', () => '/.well-known/jwt-vc-issuer'],
  ['/v1/oauth/jwks', () => '/v1/oauth/jwks'],
  ['/.well-known/did.json', () => '/.well-known/did.json'],
  ['/.well-known/did-configuration.json', () => '/.well-known/did-configuration.json'],
  ['/.well-known/did-configuration', () => '/.well-known/did-configuration'],
  ['the type metadata at a vct URL', () => typePath],
];

describe.each(documents)('%s', (_name, path) => {
  const url = () => system().url + path();

  it('MET-03 is JSON, and says so', async () => {
    const { status, headers, json } = await exchange(url());
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json(; charset=utf-8)?$/);
    expect(Object.keys(json).length).toBeGreaterThan(0);
  });

  it('MET-19 may be read by web wallets of any origin, and kept for a short time', async () => {
    const { headers } = await exchange(url(), { headers: { origin: 'https://wallet.example' } });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const maxAge = Number(/max-age=(\d+)/.exec(headers.get('cache-control') ?? '')?.[1]);
    expect(maxAge).toBeGreaterThan(0);
    expect(maxAge).toBeLessThanOrEqual(3600);
  });

  it('MET-19 has a strong ETag, and is not sent again to whom has it', async () => {
    const first = await exchange(url());
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    for (const known of [etag, `"other", ${etag}`, '*']) {
      const again = await exchange(url(), { headers: { 'if-none-match': known } });
      expect(again.status, known).toBe(304);
      expect(again.text).toBe('');
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
    }
    const other = await exchange(url(), { headers: { 'if-none-match': '"other"' } });
    expect(other.status).toBe(200);
    expect(other.text).toBe(first.text);
  });

  it('RFC 9110 answers HEAD as GET, without the body', async () => {
    const get = await exchange(url());
    const head = await exchange(url(), { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.text).toBe('');
    for (const name of ['content-type', 'content-length', 'etag', 'cache-control', 'vary']) {
      expect(head.headers.get(name), name).toBe(get.headers.get(name));
    }
  });

  it('MET-05 owes nothing to the Host header', async () => {
    const plain = await exchange(url());
    const fooled = await exchange(url(), {
      headers: {
        host: 'attacker.example',
        forwarded: 'host=attacker.example;proto=https',
        'x-forwarded-host': 'attacker.example',
        'x-forwarded-proto': 'https',
      },
    });
    expect(fooled.text).toBe(plain.text);
    expect(fooled.text).not.toContain('attacker');
  });

  it('MET-03 is the same whatever the Accept header, and tells caches that this may change', async () => {
    const plain = await exchange(url());
    expect(plain.headers.get('vary')).toMatch(/Accept\b.*Accept-Language/);
    for (const accept of [
      'application/json',
      '*/*',
      'application/jwt',
      'application/jwt;q=0.9, application/json;q=0.1',
      'text/html',
    ]) {
      const answer = await exchange(url(), { headers: { accept, 'accept-language': 'de-DE, fr;q=0.5' } });
      expect(answer.status, accept).toBe(200);
      expect(answer.text).toBe(plain.text);
      expect(answer.headers.get('content-type')).toBe(plain.headers.get('content-type'));
    }
  });
});

describe.each(documents.slice(0, -1))('%s', (_name, path) => {
  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('RFC 9110 does not take %s', async (method) => {
    const answer = await exchange(system().url + path(), { method, body: 'x', headers: { 'content-type': 'text/plain' } });
    expect(refusalOf(answer)).toBe('405 invalid_request');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});

describe('what follows from the records', () => {
  it('MET-19 gets another ETag when they change', async () => {
    const url = `${system().url}/.well-known/openid-credential-issuer`;
    const { headers, json } = await exchange(url);
    const id = await backend.configuration();
    const changed = await exchange(url, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(headers.get('etag'));
    expect(json.credential_configurations_supported).not.toHaveProperty([id]);
    expect(changed.json.credential_configurations_supported).toHaveProperty([id]);
  });

  it('is nothing at an URL beside it', async () => {
    for (const path of [
      '/.well-known/openid-credential-issuer/other',
      '/.well-known/unknown',
      '/vct/unknown',
      '/v1/oauth/keys',
    ]) {
      expect(refusalOf(await exchange(system().url + path)), path).toBe('404 invalid_request');
    }
  });
});

describe('a preflight request of a web wallet', () => {
  it.each([
    '/v1/oauth/token',
    '/v1/openid/nonce',
    '/v1/openid/credential',
    '/v1/openid/deferred-credential',
    '/v1/openid/notification',
  ])('MET-19 to %s is granted, with the headers that wallets send', async (path) => {
    const { status, headers, text } = await exchange(system().url + path, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://wallet.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type, dpop',
      },
    });
    expect(status).toBe(204);
    expect(text).toBe('');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    const allowed = (headers.get('access-control-allow-headers') ?? '').toLowerCase().split(/, */);
    expect(allowed).toEqual(expect.arrayContaining(['authorization', 'content-type', 'dpop']));
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('MET-19 also errors can be read, with the headers that matter to a wallet', async () => {
    const answer = await exchange(`${system().url}/v1/openid/credential`, {
      method: 'POST',
      headers: { origin: 'https://wallet.example' },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const exposed = (answer.headers.get('access-control-expose-headers') ?? '').toLowerCase();
    for (const name of ['dpop-nonce', 'www-authenticate', 'retry-after']) expect(exposed).toContain(name);
  });
});
