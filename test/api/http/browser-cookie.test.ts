import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserCookie } from '../../../api/http/browser-cookie.js';

const ID = 'AAAAAAAAAAAAAAAAAAAAAA';

const DEPLOYMENTS = {
  'http://localhost:3000': { name: 'chancery-browser', attributes: 'Path=/; HttpOnly; SameSite=Lax' },
  'https://issuer.example': { name: '__Host-chancery-browser', attributes: 'Path=/; HttpOnly; Secure; SameSite=Lax' },
  'https://issuer.example/a/b': { name: '__Secure-chancery-browser', attributes: 'Path=/a/b; HttpOnly; Secure; SameSite=Lax' },
} as const;

describe("the cookie that names a holder's browser", () => {
  let server: Server;

  /** Asks an endpoint that wants the browser named, as one with this `Cookie` header. */
  async function visit(publicUrl: string, cookie?: string): Promise<{ id: string; set: readonly string[] }> {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/?url=${encodeURIComponent(publicUrl)}`, {
      headers: cookie === undefined ? {} : { cookie },
    });
    return { id: await response.text(), set: response.headers.getSetCookie() };
  }

  beforeAll(async () => {
    const app = express();
    app.get('/', (request, response) => {
      response.type('text').send(new BrowserCookie(request.query.url as string).ensure(request, response));
    });
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  it.each(Object.entries(DEPLOYMENTS))('is as narrow as %s allows', async (publicUrl, { name, attributes }) => {
    const { id, set } = await visit(publicUrl);
    expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(set).toEqual([`${name}=${id}; ${attributes}`]);
  });

  it('stays what it is', async () => {
    expect(await visit('https://issuer.example', `other=1; __Host-chancery-browser=${ID}`)).toEqual({ id: ID, set: [] });
  });

  it.each([
    'chancery-browser=short',
    `chancery-browser=${ID}=`,
    `chancery-browser=${ID}; chancery-browser=BBBBBBBBBBBBBBBBBBBBBB`,
    `xchancery-browser=${ID}`,
    'chancery-browser',
  ])('is set anew where the request has %s', async (cookie) => {
    const { id, set } = await visit('http://localhost:3000', cookie);
    expect(id).not.toContain(ID);
    expect(set).toHaveLength(1);
  });

  it('is another for each browser', async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => (await visit('http://localhost:3000')).id));
    expect(new Set(ids).size).toBe(3);
  });

  it('is stored as its SHA-256', () => {
    expect(new BrowserCookie('http://localhost:3000').hashOf('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });
});
