import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSecretOf, newSession, readSessionToken, SESSION_MS, sessionToken } from '../../../api/codec/session-token.js';
import { KeyEncryptionRing } from '../../../keys/key-encryption.js';

const now = 1_700_000_000_000;
const key = new Uint8Array(randomBytes(32));
const ring = new KeyEncryptionRing([key]);
const session = newSession({ clientId: 'operator', secretHash: 'salt.hash', now });
const token = sessionToken(ring, session);

describe('a login token of the codec server', () => {
  it('gives back its session, under a replaced key as well', () => {
    expect(readSessionToken({ ring, token, now })).toEqual(session);
    const rotated = new KeyEncryptionRing([new Uint8Array(randomBytes(32)), key]);
    expect(readSessionToken({ ring: rotated, token, now })).toEqual(session);
  });

  it('ends with its hour', () => {
    expect(readSessionToken({ ring, token, now: now + SESSION_MS - 1 })).toEqual(session);
    expect(readSessionToken({ ring, token, now: now + SESSION_MS })).toBeUndefined();
  });

  it('is refused when forged, changed or malformed', () => {
    const stranger = new KeyEncryptionRing([new Uint8Array(randomBytes(32))]);
    const [, mac = ''] = token.split('.');
    const longer = Buffer.from(JSON.stringify({ ...session, expiresAt: now + 10 * SESSION_MS })).toString('base64url');
    const forged = [
      sessionToken(stranger, session),
      `${longer}.${mac}`,
      token.slice(0, -1),
      `${token}A`,
      '',
      '.',
      'a.b',
      undefined,
    ];
    expect(forged.map((value) => readSessionToken({ ring, token: value, now }))).toEqual(forged.map(() => undefined));
  });

  it('belongs to the secret it was made with, and does not hold its hash', () => {
    expect(isSecretOf(session, 'salt.hash')).toBe(true);
    expect(isSecretOf(session, 'salt.other')).toBe(false);
    expect(JSON.stringify(session)).not.toContain('salt.hash');
  });
});
