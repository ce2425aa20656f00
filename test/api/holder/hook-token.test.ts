import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { jwtVerify, SignJWT } from 'jose';
import { HookTokenError, signHookToken, verifyHookToken, type HookParties } from '../../../api/holder/hook-token.js';
import { sealEnvelope } from '../../../keys/envelope.js';
import { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import { hookSecretContext } from '../../../store/openid-configuration.js';

const NOW = Date.UTC(2026, 0, 1);
const ring = new KeyEncryptionRing([new Uint8Array(randomBytes(32))]);
const secret = randomBytes(32);
const formerSecret = randomBytes(32);
const HOOK = 'https://hook.example/callback';
const ISSUER = 'https://issuer.example';

const sealed = (value: Buffer) => sealEnvelope({ ring, value: value.toString('base64'), context: hookSecretContext('default') });

function parties({ until, now = NOW }: { until?: number; now?: number } = {}): HookParties {
  const previous = until === undefined ? {} : { previous: { secret: sealed(formerSecret), until: new Date(until) } };
  return {
    ring,
    issuerId: 'default',
    issuerIdentifier: ISSUER,
    now,
    hook: { url: HOOK, claims: [], disabled: false, secret: sealed(secret), ...previous },
  };
}

const SECONDS = NOW / 1000;
const RETURNED = { iss: HOOK, aud: ISSUER, state: 's', claims: {}, iat: SECONDS, exp: SECONDS + 60 };

function returned(change: Readonly<Record<string, unknown>> = {}, { key = secret, alg = 'HS256' } = {}): Promise<string> {
  return new SignJWT({ ...RETURNED, ...change }).setProtectedHeader({ alg }).sign(key);
}

describe('the token that goes to the hook', () => {
  it('is an HS256 JWT over the decoded secret, with state, redirectUrl and claims', async () => {
    const token = signHookToken(parties(), { state: 's', redirectUrl: 'https://r', claims: { a: 1 }, lifetimeSeconds: 600 });
    const { payload } = await jwtVerify(token, secret, { issuer: ISSUER, audience: HOOK, currentDate: new Date(NOW) });
    expect(payload).toEqual({
      iss: ISSUER,
      aud: HOOK,
      iat: SECONDS,
      exp: SECONDS + 600,
      state: 's',
      redirectUrl: 'https://r',
      claims: { a: 1 },
    });
  });
});

describe('the token that comes back', () => {
  it('is accepted as the hook signs it', async () => {
    expect(verifyHookToken(parties(), await returned())).toMatchObject({ state: 's' });
  });

  it('is accepted under the secret before this one as long as they overlap', async () => {
    const token = await returned({}, { key: formerSecret });
    expect(verifyHookToken(parties({ until: NOW + 1 }), token)).toMatchObject({ state: 's' });
    expect(() => verifyHookToken(parties({ until: NOW }), token)).toThrow('wrong signature');
    expect(() => verifyHookToken(parties(), token)).toThrow('wrong signature');
  });

  it.each([
    ['another secret', {}, { key: randomBytes(32) }, 'wrong signature'],
    ['another algorithm of the same secret', {}, { alg: 'HS512', key: randomBytes(64) }, 'HS256'],
    ['another hook as iss', { iss: 'https://other.example' }, {}, 'iss'],
    ['no iss', { iss: undefined }, {}, 'iss'],
    ['another issuer as aud', { aud: 'https://other.example' }, {}, 'aud'],
    ['several aud', { aud: [ISSUER, 'https://other.example'] }, {}, 'aud'],
    ['no exp', { exp: undefined }, {}, 'exp'],
    ['no iat', { iat: undefined }, {}, 'iat'],
    ['a life that is too long', { exp: SECONDS + 901 }, {}, '900'],
    ['an iat ahead', { iat: SECONDS + 60, exp: SECONDS + 120 }, {}, 'not valid yet'],
    ['an nbf ahead', { nbf: SECONDS + 60 }, {}, 'not valid yet'],
    ['an end that is past', { iat: SECONDS - 120, exp: SECONDS - 60 }, {}, 'expired'],
  ])('is refused with %s', async (_what, change, signing, message) => {
    const token = await returned(change, signing);
    expect(() => verifyHookToken(parties(), token)).toThrow(HookTokenError);
    expect(() => verifyHookToken(parties(), token)).toThrow(message);
  });

  it.each([20, -20])('is accepted from a clock that is %i seconds off', async (seconds) => {
    const token = await returned({ iat: SECONDS + seconds, exp: SECONDS + seconds + 10 });
    expect(verifyHookToken(parties(), token)).toBeDefined();
  });

  it('is refused unsigned, and where a byte of it was changed', async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(() => verifyHookToken(parties(), `${encode({ alg: 'none' })}.${encode(RETURNED)}.AA`)).toThrow('HS256');
    const [header, , signature] = (await returned()).split('.');
    const forged = `${header}.${encode({ ...RETURNED, state: 'other' })}.${signature}`;
    expect(() => verifyHookToken(parties(), forged)).toThrow('wrong signature');
    expect(() => verifyHookToken(parties(), 'no token')).toThrow(HookTokenError);
  });

  it('that was accepted before is accepted after its end, so that a reload goes on', async () => {
    const token = await returned();
    const later = parties({ now: NOW + 3_600_000 });
    expect(() => verifyHookToken(later, token)).toThrow('expired');
    expect(verifyHookToken(later, token, { allowExpired: true })).toMatchObject({ state: 's' });
  });

  it('cannot be the token that went out, sent back', () => {
    const out = signHookToken(parties(), { state: 's', redirectUrl: 'https://r', claims: {}, lifetimeSeconds: 600 });
    expect(() => verifyHookToken(parties(), out)).toThrow('iss');
  });
});
