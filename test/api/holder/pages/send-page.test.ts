import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { returnPage } from '../../../../api/holder/pages/return-page.js';
import { sendPage } from '../../../../api/holder/pages/send-page.js';
import { USUAL } from './every-page.js';
import { PageServer } from './page-server.js';

const html = returnPage({ issuer: USUAL.issuer }, 'de');
const style = /<style>([^]*)<\/style>/.exec(html)![1]!;
const hash = createHash('sha256').update(style).digest('base64');

describe("how a holder's page is sent", () => {
  let server: PageServer;
  let targets: readonly string[] | undefined;

  async function policy(...formTargets: readonly string[]): Promise<string> {
    targets = formTargets;
    return (await fetch(server.url)).headers.get('content-security-policy') ?? '';
  }

  beforeAll(async () => {
    server = await PageServer.open((app) => {
      app.get('/', (_request, response) => {
        response.set({ 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' });
        sendPage(response, { html, status: 403, ...(targets === undefined ? {} : { formTargets: targets }) });
      });
    });
  });
  afterAll(() => server.close());

  it('is with a policy for exactly this page, never stored, framed or read by others', async () => {
    const response = await fetch(server.url);
    expect(response.status).toBe(403);
    expect(await response.text()).toBe(html);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; img-src https: data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it.each([
    ['https://idp.example/login?a=1', ' https://idp.example'],
    ['https://idp.example:8443', ' https://idp.example:8443'],
    ['http://127.0.0.1:9000/cb', ' http://127.0.0.1:9000'],
    ['http://[::1]:9000/cb', ' http:'],
    ['eudi-openid4ci://authorize?x', ' eudi-openid4ci:'],
    ['EUDI-openid4ci:', ' eudi-openid4ci:'],
    ['https:', ' https:'],
    ['com.example.app:/cb', ' com.example.app:'],
    ['javascript:alert(1)', ''],
    ['data:', ''],
    ['blob:https://issuer.example/1', ''],
    ["https://a;script-src'unsafe-inline'/", ''],
    ['https://a,b.example/', ''],
    ["x; script-src 'unsafe-inline'", ''],
    ['*', ''],
    ['', ''],
  ])('lets its forms go on to %j as%j', async (target, source) => {
    expect(await policy(target)).toContain(`form-action 'self'${source}; base-uri`);
  });

  it('names a target once', async () => {
    expect(await policy('https://idp.example/a', 'https://idp.example/b', 'haip://x')).toContain(
      "form-action 'self' https://idp.example haip:; base-uri",
    );
  });
});
