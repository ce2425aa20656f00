import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DemoServer } from '../../../scripts/demo/demo-server.js';
import { startInteractionHook } from '../../../scripts/demo/interaction-hook.js';
import { exchange, postForm } from '../../flows/http-exchange.js';

const SECRET = randomBytes(32).toString('base64');
const keyOf = (secret: string) => new Uint8Array(Buffer.from(secret, 'base64'));

let hook: DemoServer;
let issuer: Server;
let issuerUrl = '';
let secret: string | undefined;
let told: { path: string; token: string }[] = [];
let answer = 202;

beforeEach(async () => {
  told = [];
  answer = 202;
  secret = SECRET;
  issuer = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      told.push({ path: request.url ?? '', token: (JSON.parse(body) as { session_token: string }).session_token });
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  issuerUrl = `http://localhost:${(issuer.address() as AddressInfo).port}/t1`;
  hook = await startInteractionHook({ port: 0, issuerUrl, secret: () => secret });
});
afterEach(async () => {
  issuer.closeAllConnections();
  issuer.close();
  await hook.stop();
});

/** The issuer's session token, right in all but the overrides. */
function sessionToken({ signWith = SECRET, ...claims }: Record<string, unknown> & { signWith?: string } = {}): Promise<string> {
  return new SignJWT({
    iss: issuerUrl,
    aud: hook.url,
    state: 'state-1',
    redirectUrl: `${issuerUrl}/v1/openid/interaction/return`,
    claims: { given_name: 'Aroha', family_name: '<b>Example' },
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 60,
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(keyOf(signWith));
}

async function verified(token: string) {
  const { payload } = await jwtVerify(token, keyOf(SECRET), { algorithms: ['HS256'], issuer: hook.url, audience: issuerUrl });
  const { iat = 0, exp = 0, jti, ...rest } = payload;
  expect(exp - iat).toBe(60);
  expect(jti).toMatch(/^[\w-]{20,}$/);
  return rest;
}

/** Decides, and gives what the token says that the browser takes back. */
async function decide(decision: string) {
  const sent = await postForm(`${hook.url}/decision`, {
    session_token: await sessionToken(),
    decision,
    department: 'Research',
  });
  expect(sent.status).toBe(303);
  const url = new URL(sent.headers.get('location')!);
  expect(url.origin + url.pathname).toBe(`${issuerUrl}/v1/openid/interaction/return`);
  return verified(url.searchParams.get('session_token')!);
}

const parties = () => ({ iss: hook.url, aud: issuerUrl, state: 'state-1', claimsToPersist: [] });

describe('the demo interaction hook', () => {
  it('asks the holder, by name', async () => {
    const page = await exchange(`${hook.url}/?session_token=${await sessionToken()}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Demo interaction');
    expect(page.text).toContain('Aroha &lt;b&gt;Example');
    expect([...page.text.matchAll(/name="decision" value="(\w+)"/g)].map(([, value]) => value)).toEqual([
      'confirm',
      'refuse',
      'later',
    ]);
  });

  it('returns the department where it is confirmed, and an error where it is refused', async () => {
    expect(await decide('confirm')).toEqual({ ...parties(), claims: { department: 'Research' } });
    expect(await decide('refuse')).toEqual({ ...parties(), claims: {}, error: 'access_denied' });
  });

  it.each([
    ['approve', { claims: { department: 'Research' } }],
    ['refuse', { claims: {}, error: 'access_denied' }],
  ])('lets a decision wait, and tells the issuer later: %s', async (decision, said) => {
    expect(await decide('later')).toEqual({ ...parties(), claims: {}, status: 'pending' });
    const [, action = ''] = /action="(\/waiting\/[^"]+)"/.exec((await exchange(`${hook.url}/`)).text) ?? [];
    answer = 503;
    expect((await postForm(hook.url + action, { decision })).text).toContain('does not accept it (503)');
    answer = 202;
    expect((await postForm(hook.url + action, { decision })).text).toContain('The issuer was told');
    expect(told.map(({ path }) => path)).toEqual(['/t1/v1/openid/interaction/result', '/t1/v1/openid/interaction/result']);
    expect(await verified(told[1]!.token)).toEqual({ ...parties(), ...said });
    expect((await exchange(`${hook.url}/`)).text).toContain('Nothing waits');
    expect((await postForm(hook.url + action, { decision })).status).toBe(404);
  });

  it.each<[string, Parameters<typeof sessionToken>[0]]>([
    ['signed by others', { signWith: randomBytes(32).toString('base64') }],
    ['for another hook', { aud: 'https://other.example' }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['whose time is over', { exp: Math.floor(Date.now() / 1000) - 10 }],
    ['that leads elsewhere', { redirectUrl: 'https://evil.example/' }],
  ])('refuses a session token %s', async (_what, claims) => {
    const token = await sessionToken(claims);
    expect((await exchange(`${hook.url}/?session_token=${token}`)).status).toBe(400);
    const sent = await postForm(`${hook.url}/decision`, { session_token: token, decision: 'confirm' });
    expect(sent.status).toBe(400);
    expect(sent.headers.get('location')).toBeNull();
  });

  it('says that it does not know the secret yet', async () => {
    secret = undefined;
    expect((await exchange(`${hook.url}/?session_token=${await sessionToken()}`)).status).toBe(503);
  });
});
