import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { json, startHostileProvider, type HostileProvider } from '../../../flows/hostile-provider.js';
import { newDirectory, providerRecord } from './test-login.js';

const DISCOVERY = '/.well-known/openid-configuration';
const MINUTE = 60_000;

let idp: HostileProvider;
let time = 0;
beforeEach(async () => {
  idp = await startHostileProvider();
  time = Date.now();
});
afterEach(() => idp.stop());

const directory = () => newDirectory({ now: () => time });
const reads = () => idp.requests.filter(({ path }) => path === DISCOVERY).length;
const away = { name: 'ProviderUnavailableError' };

describe('what is known of providers', () => {
  it('is read once, also by many at the same time, and again after ten minutes', async () => {
    const providers = directory();
    const provider = providerRecord({ url: idp.url });
    await Promise.all([1, 2, 3].map(() => providers.get(provider)));
    time += 10 * MINUTE - 1;
    await providers.get(provider);
    expect(reads()).toBe(1);
    time += 1;
    await Promise.all([1, 2, 3].map(() => providers.get(provider)));
    expect(reads()).toBe(2);
  });

  it('is read anew when the record was changed', async () => {
    const providers = directory();
    await providers.get(providerRecord({ url: idp.url }));
    await providers.get(providerRecord({ url: idp.url, updatedAt: new Date(1) }));
    expect(reads()).toBe(2);
  });

  it('serves for a day while the provider is away, which is not asked every time', async () => {
    const providers = directory();
    const provider = providerRecord({ url: idp.url });
    const known = await providers.get(provider);
    idp.endpoints.set(DISCOVERY, json({}, 503));
    time += 11 * MINUTE;
    expect(await providers.get(provider)).toBe(known);
    expect(await providers.get(provider)).toBe(known);
    expect(reads()).toBe(2);
    time += MINUTE;
    expect(await providers.get(provider)).toBe(known);
    expect(reads()).toBe(3);
    time += 24 * 60 * MINUTE;
    await expect(providers.get(provider)).rejects.toMatchObject(away);
    idp.endpoints.clear();
    expect((await providers.get(provider)).metadata.issuer).toBe(idp.url);
  });

  it('is forgotten beyond a hundred providers, the oldest first', async () => {
    const providers = directory();
    const records = Array.from({ length: 101 }, (_, index) => providerRecord({ url: idp.url, _id: `provider-${index}` }));
    for (const record of records) await providers.get(record);
    await providers.get(records[100]!);
    await providers.get(records[1]!);
    expect(reads()).toBe(101);
    await providers.get(records[0]!);
    expect(reads()).toBe(102);
  });

  it.each<[string, () => void]>([
    ['it is overloaded', () => idp.endpoints.set(DISCOVERY, json({}, 429))],
    ['it has none', () => idp.endpoints.set(DISCOVERY, json({}, 404))],
    ['it never answers', () => idp.endpoints.set(DISCOVERY, () => undefined)],
    ['it is no JSON', () => idp.endpoints.set(DISCOVERY, (response) => response.end('<html>'))],
    ['it is no object', () => idp.endpoints.set(DISCOVERY, json([1]))],
    ["it is another issuer's", () => (idp.metadata = { issuer: 'https://other.example' })],
    ['its issuer is no URL', () => (idp.metadata = { issuer: 'other' })],
    ['it names no keys', () => (idp.metadata = { jwks_uri: undefined })],
    ['its token endpoint is no URL', () => (idp.metadata = { token_endpoint: 7 })],
    ['its authorization endpoint is a script', () => (idp.metadata = { authorization_endpoint: 'javascript:alert(1)' })],
    [
      'its authorization endpoint is plain http elsewhere',
      () => (idp.metadata = { authorization_endpoint: 'http://a.example/' }),
    ],
    [
      'it redirects without end',
      () => idp.endpoints.set(DISCOVERY, (response) => response.writeHead(302, { location: DISCOVERY }).end()),
    ],
    ['it is larger than a megabyte', () => idp.endpoints.set(DISCOVERY, json({ filler: 'x'.repeat(1_100_000) }))],
  ])('cannot be had where %s', async (_what, break_) => {
    break_();
    await expect(directory().get(providerRecord({ url: idp.url }))).rejects.toMatchObject(away);
  });

  it('cannot be had of a provider that refuses connections', async () => {
    await idp.stop();
    await expect(directory().get(providerRecord({ url: idp.url }))).rejects.toMatchObject(away);
  });

  it('SEC-11 is not asked for at a private host that the configuration does not allow', async () => {
    const providers = newDirectory({ allowedHosts: [] });
    await expect(providers.get(providerRecord({ url: idp.url }))).rejects.toMatchObject(away);
    await expect(providers.get(providerRecord({ url: idp.url.replace('http:', 'https:') }))).rejects.toMatchObject(away);
    expect(idp.requests).toEqual([]);
  });

  it('says when to ask again', async () => {
    idp.endpoints.set(DISCOVERY, (response) => response.writeHead(503, { 'retry-after': '17' }).end());
    await expect(directory().get(providerRecord({ url: idp.url }))).rejects.toMatchObject({ ...away, retryAfter: 17 });
  });
});
