import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createGuardedFetch, type GuardOptions } from '../../outbound/guarded-fetch.js';
import { isPublicAddress } from '../../outbound/public-address.js';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

function guarded(options: Partial<GuardOptions> = {}) {
  return createGuardedFetch({ allowedHosts: [], timeoutMs: 2000, maxBytes: 1000, ...options });
}

describe('SEC-11 outbound requests', () => {
  it('refuse plain http, other schemes, addresses and credentials-free nonsense', async () => {
    const fetch = guarded();
    await expect(fetch({ url: 'http://example.com/', method: 'GET' })).rejects.toMatchObject({ reason: 'forbidden_url' });
    await expect(fetch({ url: 'file:///etc/passwd', method: 'GET' })).rejects.toMatchObject({ reason: 'forbidden_url' });
    await expect(fetch({ url: 'https://93.184.216.34/', method: 'GET' })).rejects.toMatchObject({ reason: 'forbidden_address' });
    await expect(fetch({ url: 'https://[::1]/', method: 'GET' })).rejects.toMatchObject({ reason: 'forbidden_address' });
    await expect(fetch({ url: 'no url', method: 'GET' })).rejects.toMatchObject({ reason: 'forbidden_url' });
  });

  it('refuse a name that resolves to a private address', async () => {
    await expect(guarded()({ url: 'https://localhost/', method: 'GET' })).rejects.toMatchObject({ reason: 'forbidden_address' });
  });

  it('reach a private host that the configuration allows', async () => {
    const host = await serve((_request, response) =>
      response.setHeader('content-type', 'application/json; charset=utf-8').end('{"a":1}'),
    );
    const answer = await guarded({ allowedHosts: [host] })({ url: `http://${host}/`, method: 'GET' });
    expect(answer).toEqual({ status: 200, mediaType: 'application/json', body: '{"a":1}' });
  });

  it('follow redirects only to where a request may go', async () => {
    const secret = await serve((_request, response) => response.end('internal'));
    const open = await serve((_request, response) => response.writeHead(302, { location: `http://${secret}/` }).end());
    const fetch = guarded({ allowedHosts: [open] });
    await expect(fetch({ url: `http://${open}/`, method: 'GET' })).rejects.toMatchObject({ reason: 'forbidden_url' });
  });

  it('leave credentials behind when a redirect goes to another origin', async () => {
    const seen: (string | undefined)[] = [];
    const target = await serve((request, response) => {
      seen.push(request.headers['x-api-key'] as string | undefined);
      response.end('{}');
    });
    const first = await serve((_request, response) => response.writeHead(307, { location: `http://${target}/` }).end());
    const fetch = guarded({ allowedHosts: [first, target] });
    await fetch({ url: `http://${first}/`, method: 'GET', headers: { 'x-api-key': 'k' } });
    expect(seen).toEqual([undefined]);
  });

  it.each([301, 302, 303, 307, 308])('send a body nowhere else where redirects are refused: %d', async (status) => {
    const seen: string[] = [];
    const host: string = await serve((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    const request = { url: `http://${host}/token`, method: 'POST', body: 'code=secret', redirects: 'refuse' } as const;
    await expect(guarded({ allowedHosts: [host] })(request)).rejects.toMatchObject({ reason: 'redirected' });
    expect(seen).toEqual(['POST /token']);
  });

  it('end a redirect loop', async () => {
    const host: string = await serve((_request, response) => response.writeHead(302, { location: '/again' }).end());
    await expect(guarded({ allowedHosts: [host] })({ url: `http://${host}/`, method: 'GET' })).rejects.toMatchObject({
      reason: 'too_many_redirects',
    });
  });

  it('end at a redirect to what is no URL', async () => {
    const host = await serve((_request, response) => response.writeHead(302, { location: 'https://nowhere:99999/' }).end());
    await expect(guarded({ allowedHosts: [host] })({ url: `http://${host}/`, method: 'GET' })).rejects.toMatchObject({
      reason: 'forbidden_url',
    });
  });

  it('end an answer that is too large', async () => {
    const host = await serve((_request, response) => response.end('x'.repeat(1001)));
    await expect(guarded({ allowedHosts: [host] })({ url: `http://${host}/`, method: 'GET' })).rejects.toMatchObject({
      reason: 'too_large',
    });
  });

  it('end an answer that trickles for longer than allowed', async () => {
    const host = await serve((_request, response) => {
      response.write('{');
    });
    const fetch = guarded({ allowedHosts: [host], timeoutMs: 150 });
    await expect(fetch({ url: `http://${host}/`, method: 'GET' })).rejects.toMatchObject({ reason: 'timeout' });
  });

  it('say so when nobody listens', async () => {
    const host = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    await expect(guarded({ allowedHosts: [host] })({ url: `http://${host}/`, method: 'GET' })).rejects.toMatchObject({
      reason: 'unreachable',
    });
  });
});

describe('public addresses', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2001:db8::1',
    '2002:a00:1::',
    'example.com',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
