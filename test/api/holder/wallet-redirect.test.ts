import { describe, expect, it } from 'vitest';
import { walletUrl } from '../../../api/holder/wallet-redirect.js';

const ISSUER = 'https://issuer.example/t';

describe('the way back to the wallet', () => {
  it('AUT-12 carries code, state and iss', () => {
    const url = new URL(walletUrl({ redirectUri: 'https://w.example/cb', state: 'a b&c=d' }, { code: 'x.y' }, ISSUER));
    expect(Object.fromEntries(url.searchParams)).toEqual({ code: 'x.y', state: 'a b&c=d', iss: ISSUER });
  });

  it('AUT-12 carries error and iss, and no state where none was sent', () => {
    const url = new URL(walletUrl({ redirectUri: 'https://w.example/cb' }, { error: 'access_denied' }, ISSUER));
    expect(Object.fromEntries(url.searchParams)).toEqual({ error: 'access_denied', iss: ISSUER });
  });

  it.each([
    ['https://w.example/cb?dummy1=lorem&dummy2=ipsum', 'https://w.example/cb?dummy1=lorem&dummy2=ipsum&code='],
    ['https://w.example/cb?', 'https://w.example/cb?code='],
    ['https://w.example/cb', 'https://w.example/cb?code='],
    ['eudi-openid4ci:/authorize', 'eudi-openid4ci:/authorize?code='],
    ['com.example.wallet://cb', 'com.example.wallet://cb?code='],
  ])('AUT-17 keeps the query of %s as it is', (redirectUri, expected) => {
    expect(walletUrl({ redirectUri }, { code: 'x' }, ISSUER)).toMatch(new RegExp(`^${expected.replace(/[.?]/g, '\\$&')}x&iss=`));
  });

  it('keeps descriptions to the characters of RFC 6749', () => {
    const url = new URL(
      walletUrl({ redirectUri: 'https://w.example/' }, { error: 'invalid_scope', error_description: 'no "ä" \\ \n' }, ISSUER),
    );
    expect(url.searchParams.get('error_description')).toBe("no '?' / ?");
  });
});
