import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashClientSecret } from '../../../store/client-secret.js';
import type { Role } from '../../../store/documents.js';
import { useOwnProcesses } from '../../harness/use-system.js';
import { CodecBrowser, formTokenOf } from './codec-browser.js';

const system = useOwnProcesses({ apiEnv: { TRUST_PROXY: '1' } });

/** A management client of its own; gives its id and secret. */
async function client(...roles: readonly Role[]): Promise<{ id: string; secret: string }> {
  const [id, secret] = [randomUUID(), randomBytes(24).toString('base64url')];
  const secretHash = await hashClientSecret(secret);
  await system().db.clients.insertOne({ _id: id, issuerId: 'default', name: 'test', secretHash, roles, createdAt: new Date() });
  return { id, secret };
}

describe('the login page of the codec server', () => {
  it('is a page without script that nobody may frame or store', async () => {
    const response = await new CodecBrowser(system()).get('/login');
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const policy = response.headers.get('content-security-policy') ?? '';
    for (const directive of ["default-src 'none'", "frame-ancestors 'none'", `form-action ${system().url}`])
      expect(policy).toContain(directive);
    expect(policy).not.toContain('unsafe');
    expect(html).not.toContain('<script');
    for (const label of ['<html lang="en">', '<label for="client_id">', '<label for="client_secret">'])
      expect(html).toContain(label);
  });

  it('gives a login in a cookie that scripts cannot read and other sites cannot send', async () => {
    const browser = new CodecBrowser(system());
    const { clientId, clientSecret } = system().admin;
    const response = await browser.logIn(clientId, clientSecret);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`${system().url}/v1/temporal/codec/login`);
    const cookie = response.headers.getSetCookie().find((value) => value.startsWith('chancery-codec=')) ?? '';
    for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/v1/temporal/codec', 'Max-Age=3600'])
      expect(cookie).toContain(attribute);
    const html = await (await browser.get('/login')).text();
    expect(html).toContain('You are logged in');
    expect(html).toContain('Include cross-origin credentials');
    expect(html).toContain(`${system().url}/v1/temporal/codec`);
  });

  it('refuses a wrong secret and an unknown client alike', async () => {
    const { clientId } = system().admin;
    const pages: string[] = [];
    for (const id of [clientId, 'nobody', '']) {
      const browser = new CodecBrowser(system());
      const response = await browser.logIn(id, 'a-wrong-secret');
      expect(response.status).toBe(401);
      expect(browser.login).toBeUndefined();
      pages.push((await response.text()).replace(/value="[^"]*"/, ''));
    }
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('role="alert"');
    expect(pages[0]).not.toContain('a-wrong-secret');
  });

  it.each([
    ['issuer', 303],
    ['auditor', 303],
    ['managed-issuer', 403],
    ['verifier', 403],
  ] as const)('treats the role %s with %i', async (role, status) => {
    const { id, secret } = await client(role);
    expect((await new CodecBrowser(system()).logIn(id, secret)).status).toBe(status);
  });

  it('ends a login with its client, its role and its secret', async () => {
    for (const change of [{ roles: ['verifier' as const] }, { secretHash: await hashClientSecret('another') }, undefined]) {
      const { id, secret } = await client('auditor');
      const browser = new CodecBrowser(system());
      await browser.logIn(id, secret);
      expect((await browser.decode([])).status).toBe(200);
      if (change === undefined) await system().db.clients.deleteOne({ _id: id });
      else await system().db.clients.updateOne({ _id: id }, { $set: change });
      expect((await browser.decode([])).status).toBe(401);
    }
  });

  it('takes forms only from the page it gave this browser', async () => {
    const { clientId, clientSecret } = system().admin;
    const fields = { client_id: clientId, client_secret: clientSecret };
    const other = formTokenOf(await (await new CodecBrowser(system()).get('/login')).text());
    for (const form_token of [undefined, '', 'x', other]) {
      const browser = new CodecBrowser(system());
      await browser.get('/login');
      const response = await browser.post('/login', { ...fields, ...(form_token === undefined ? {} : { form_token }) });
      expect(response.status).toBe(403);
      expect(browser.login).toBeUndefined();
    }
    const browser = new CodecBrowser(system());
    await browser.logIn(clientId, clientSecret);
    expect((await browser.post('/logout', {})).status).toBe(403);
    expect((await browser.decode([])).status).toBe(200);
  });

  it('answers forms it cannot read with a page', async () => {
    const browser = new CodecBrowser(system());
    for (const [body, type, status] of [
      ['{}', 'application/json', 415],
      ['client_id=a&client_id=b', 'application/x-www-form-urlencoded', 400],
      [`client_id=${'a'.repeat(5000)}`, 'application/x-www-form-urlencoded', 413],
    ] as const) {
      const response = await fetch(`${system().url}/v1/temporal/codec/login`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toContain('text/html');
    }
    expect((await browser.post('/login?x', {})).status).toBe(403);
  });

  it('bounds guessing: ten wrong secrets from one address close the door for a quarter of an hour', async () => {
    const { id, secret } = await client('admin');
    const page = await fetch(`${system().url}/v1/temporal/codec/login`);
    const cookie = page.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const form_token = formTokenOf(await page.text());
    const guess = (address: string, clientSecret: string) =>
      fetch(`${system().url}/v1/temporal/codec/login`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, 'x-forwarded-for': address },
        body: new URLSearchParams({ form_token, client_id: id, client_secret: clientSecret }),
      });
    const guesses = await Promise.all(Array.from({ length: 15 }, (_, index) => guess('192.0.2.1', `guess-${index}`)));
    expect(guesses.map(({ status }) => status).sort()).toEqual([...Array<number>(10).fill(401), ...Array<number>(5).fill(429)]);
    const shut = await guess('192.0.2.1', secret);
    expect(shut.status).toBe(429);
    expect(Number(shut.headers.get('retry-after'))).toBeGreaterThan(800);
    expect((await guess('192.0.2.2', secret)).status).toBe(303);
  });

  it('is in the event log, with the reason of a refusal and never with what was typed', async () => {
    const browser = new CodecBrowser(system());
    const response = await browser.logIn('a-secret-typed-in-the-wrong-field', 'a-wrong-secret');
    const requestId = response.headers.get('x-request-id') ?? '';
    const find = () => system().db.events.find({ issuerId: 'default', requestId }).toArray();
    await expect.poll(find, { timeout: 5000 }).toHaveLength(2);
    const events = await find();
    expect(events.map(({ type }) => type).sort()).toEqual(['TEMPORAL_CODEC_LOGIN_FAIL', 'TEMPORAL_CODEC_LOGIN_START']);
    expect(JSON.stringify(events)).toContain('invalid_client');
    expect(JSON.stringify(events)).not.toContain('typed-in-the-wrong-field');
    expect(system().logs()).not.toContain('typed-in-the-wrong-field');
  });
});
