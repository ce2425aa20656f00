import { describe, expect, it } from 'vitest';
import { matchesRedirectUri, redirectUriFault } from '../../../api/oauth/redirect-uri.js';

const CHARACTERS = 'must consist of the characters of a URI, all others percent-encoded';
const RELATIVE = 'must be an absolute URI';
const SCHEMELESS = 'must be an absolute URI, with its scheme';
const NO_HOST = 'must name a host after https://';
const NO_HTTPS = 'must be https; http is for localhost, 127.0.0.1 and [::1] only';
const NO_APP = 'must not have a scheme that belongs to no app';
const USER = 'must not hold a user name or password';

describe('AUT-16 a redirect URI is taken', () => {
  it.each([
    'https://wallet.example/callback',
    'https://wallet.example',
    'https://wallet.example?a=b',
    'https://wallet.example:8443/a/b?c=d&e=%20',
    'HTTPS://Wallet.Example/callback',
    'https://192.0.2.1/callback',
    'http://localhost/callback',
    'http://localhost',
    'http://localhost?a=b',
    'http://127.0.0.1:49152/callback',
    'http://[::1]:1/',
    'com.example.wallet:/oauth2redirect/provider',
    'eudi-openid4ci://authorize',
    'haip-vci://',
    'openid4vci:callback',
    `https://wallet.example/${'a'.repeat(2025)}`,
  ])('%s', (uri) => {
    expect(redirectUriFault(uri)).toBeUndefined();
  });
});

describe('AUT-16 a redirect URI is refused', () => {
  it.each([
    ['', CHARACTERS],
    ['/callback', RELATIVE],
    ['wallet.example/callback', RELATIVE],
    ['//wallet.example/callback', RELATIVE],
    ['wallet.example:8443/callback', SCHEMELESS],
    ['localhost:3000/callback', SCHEMELESS],
    ['https://wallet.example/callback#', 'must not have a fragment'],
    ['https://wallet.example/callback#code', 'must not have a fragment'],
    ['app:/callback#x', 'must not have a fragment'],
    ['https://wallet.example/a b', CHARACTERS],
    [' https://wallet.example/a', CHARACTERS],
    ['https://wallet.example/a\n', CHARACTERS],
    ['java\tscript:alert(1)', CHARACTERS],
    ['https://wallet.example/ä', CHARACTERS],
    ['https://bücher.example/', CHARACTERS],
    ['https:\\\\evil.example/', CHARACTERS],
    ['https://wallet.example/"><script>', CHARACTERS],
    ['https://wallet.example/%zz', CHARACTERS],
    ['https://wallet.example/%4', CHARACTERS],
    ['https:', RELATIVE],
    ['https://', RELATIVE],
    ['https:wallet.example/callback', NO_HOST],
    ['https:/wallet.example/callback', NO_HOST],
    ['https:///wallet.example/callback', NO_HOST],
    ['https://wallet.example@evil.example/', USER],
    ['https://user:password@wallet.example/', USER],
    ['http://127.0.0.1:80@evil.example/', USER],
    ['http://wallet.example/callback', NO_HTTPS],
    ['http://localhost.evil.example/', NO_HTTPS],
    ['http://localhost./', NO_HTTPS],
    ['http://127.0.0.1.evil.example/', NO_HTTPS],
    ['http://127.0.0.2/', NO_HTTPS],
    ['http://127.1/', NO_HTTPS],
    ['http://2130706433/', NO_HTTPS],
    ['http://0x7f000001/', NO_HTTPS],
    ['http://[0:0:0:0:0:0:0:1]/', NO_HTTPS],
    ['http://10.0.0.1/', NO_HTTPS],
    ['http:/localhost/', NO_HTTPS],
    ['http://localhost:65536/', RELATIVE],
    [`https://wallet.example/${'a'.repeat(2026)}`, 'must be at most 2048 characters'],
  ])('%j', (uri, fault) => {
    expect(redirectUriFault(uri)).toBe(fault);
  });

  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'vbscript:a',
    'data:text/html,a',
    'file:///etc/passwd',
    'filesystem:https://a.example/b',
    'blob:https://a.example/b',
    'about:blank',
    'view-source:https://a.example',
    'intent://a/b',
    'ftp://a.example/',
    'wss://a.example/',
    'mailto:a@b.example',
  ])('%s, which belongs to no app', (uri) => {
    expect(redirectUriFault(uri)).toBe(NO_APP);
  });
});

describe('AUT-16 a presented redirect URI', () => {
  it.each([
    ['https://wallet.example/callback', 'https://wallet.example/callback'],
    ['com.example.wallet:/callback', 'com.example.wallet:/callback'],
    ['http://localhost:3000/callback', 'http://localhost:3000/callback'],
    ['http://localhost/callback', 'http://localhost:49152/callback'],
    ['http://localhost:3000/callback?a=b', 'http://localhost:49152/callback?a=b'],
    ['http://127.0.0.1:3000/callback', 'http://127.0.0.1/callback'],
    ['http://[::1]/', 'http://[::1]:49152/'],
    ['http://[::1]', 'http://[::1]:49152'],
  ])('fits %s: %s', (registered, presented) => {
    expect(matchesRedirectUri({ registered, presented })).toBe(true);
  });

  it.each([
    ['https://wallet.example/callback', 'https://wallet.example/callback/'],
    ['https://wallet.example/callback', 'https://wallet.example/Callback'],
    ['https://wallet.example/callback', 'https://WALLET.example/callback'],
    ['https://wallet.example/callback', 'https://wallet.example/callback?a=b'],
    ['https://wallet.example/callback', 'https://wallet.example:443/callback'],
    ['https://wallet.example/callback', 'https://wallet.example/%63allback'],
    ['https://wallet.example/callback', 'https://wallet.example/a/../callback'],
    ['https://wallet.example/', 'https://wallet.example'],
    ['https://wallet.example/callback', 'https://wallet.example/callback.evil'],
    ['https://localhost/callback', 'https://localhost:49152/callback'],
    ['com.example.wallet:/callback', 'com.example.wallet:/other'],
    ['http://localhost/callback', 'http://localhost:49152/other'],
    ['http://localhost/callback', 'http://localhost:49152/callback?a=b'],
    ['http://localhost/callback', 'http://127.0.0.1:49152/callback'],
    ['http://127.0.0.1/callback', 'http://[::1]:49152/callback'],
    ['http://localhost/callback', 'https://localhost:49152/callback'],
    ['http://localhost/callback', 'http://localhost:99999/callback'],
    ['http://localhost/callback', 'http://localhost:1@evil.example/callback'],
    ['http://localhost/callback', 'http://localhost:49152.evil.example/callback'],
    ['http://localhost/callback', 'http://localhost:/callback'],
    ['http://localhost/callback', ''],
  ])('does not fit %s: %s', (registered, presented) => {
    expect(matchesRedirectUri({ registered, presented })).toBe(false);
  });
});
