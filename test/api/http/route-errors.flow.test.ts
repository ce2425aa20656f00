import { describe, expect, it } from 'vitest';
import { exchange } from '../../flows/http-exchange.js';
import { useSharedSystem } from '../../harness/use-system.js';

const system = useSharedSystem();
const ask = (path: string, method = 'GET') => exchange(system().url + path, { method });

describe('a method that a URL does not take', () => {
  it.each([
    ['/v2/credentials/sd-jwt/configurations', 'PATCH', 'GET, POST, HEAD, OPTIONS'],
    ['/v2/credentials/sd-jwt/configurations/x', 'POST', 'GET, PUT, DELETE, HEAD, OPTIONS'],
    ['/v1/claim-sources', 'DELETE', 'GET, POST, HEAD, OPTIONS'],
    ['/v1/claim-sources/x', 'PATCH', 'GET, PUT, DELETE, HEAD, OPTIONS'],
    ['/v1/claimsources/x', 'POST', 'GET, PUT, DELETE, HEAD, OPTIONS'],
    ['/v1/openid/offers/pre-authorized', 'PUT', 'GET, POST, HEAD, OPTIONS'],
    ['/v1/openid/offers/pre-authorized/x', 'PUT', 'GET, DELETE, HEAD, OPTIONS'],
    ['/v1/events', 'POST', 'GET, HEAD, OPTIONS'],
    ['/oauth/token', 'GET', 'POST, OPTIONS'],
    ['/openapi.json', 'POST', 'GET, HEAD, OPTIONS'],
    ['/docs', 'DELETE', 'GET, HEAD, OPTIONS'],
  ])('RFC 9110 15.5.6 %s answers %s with 405, and Allow: %s', async (path, method, allow) => {
    const refused = await ask(path, method);
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
    expect(refused.json).toEqual({ code: 'MethodNotAllowed', message: expect.stringMatching(/^this URL takes /) as string });
    const options = await ask(path, 'OPTIONS');
    expect([options.status, options.headers.get('allow'), options.text]).toEqual([204, allow, '']);
  });

  it.each([
    ['/v1/oauth/token', 'GET', 'POST, OPTIONS'],
    ['/v1/openid/credential', 'PUT', 'POST, OPTIONS'],
    ['/v1/openid/nonce', 'GET', 'POST, OPTIONS'],
    ['/.well-known/openid-credential-issuer', 'POST', 'GET, HEAD, OPTIONS'],
    ['/v1/oauth/jwks', 'DELETE', 'GET, HEAD, OPTIONS'],
  ])('RFC 9110 15.5.6 of wallets: %s answers %s with 405, and Allow: %s', async (path, method, allow) => {
    const refused = await ask(path, method);
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, allow]);
    expect(refused.json).toEqual({ error: 'invalid_request', error_description: expect.any(String) as string });
  });
});

describe('a URL at which there is nothing', () => {
  it.each([
    '/',
    '/v2',
    '/v2/credentials/paper/configurations',
    '/v1/claim-sources/x/y',
    '/v1/openid/offers/pre-authorized/x/y',
    '/v1/events/x',
    '/docs/missing.js',
    '/docs/..%2f..%2fpackage.json',
    '/oauth/authorize',
    '/wp-login.php',
  ])('%s answers 404 as the management API does', async (path) => {
    const answer = await ask(path);
    expect([answer.status, answer.json]).toEqual([404, { code: 'NotFound', message: 'Resource Not Found' }]);
  });

  it.each(['/v1/oauth/unknown', '/v1/openid/unknown', '/.well-known/unknown', '/vct/unknown', '/v1/openid/offers/unknown'])(
    '%s answers 404 as OAuth does',
    async (path) => {
      const answer = await ask(path);
      expect([answer.status, answer.json.error]).toEqual([404, 'invalid_request']);
    },
  );

  it('with broken percent-encoding answers 400 in either shape', async () => {
    const management = await ask('/v1/claim-sources/%zz');
    expect([management.status, management.json.code]).toEqual([400, 'BadRequest']);
    const wallet = await ask('/v1/openid/offers/%zz');
    expect([wallet.status, wallet.json.error]).toEqual([400, 'invalid_request']);
  });
});

describe('every answer', () => {
  it.each(['/v1/events', '/v1/oauth/jwks', '/nothing', '/openapi.json', '/docs'])(
    '%s has strict headers, and says nothing of the software behind it',
    async (path) => {
      const { headers } = await ask(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('of the management API is for no foreign page', async () => {
    const preflight = await exchange(`${system().url}/v1/claim-sources`, {
      method: 'OPTIONS',
      headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect((await ask('/v1/events')).headers.get('access-control-allow-origin')).toBeNull();
  });
});
