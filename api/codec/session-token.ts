import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { authenticate, isAuthentic } from '../oauth/subkeys.js';

/** How long a login lasts, milliseconds. */
export const SESSION_MS = 3_600_000;

const PURPOSE = 'temporal-codec-session';
const TOKEN = /^([A-Za-z0-9_-]{1,1024})\.([A-Za-z0-9_-]{22})$/;

const content = z.object({
  id: z.string(),
  clientId: z.string(),
  /** Ties the login to the secret it was made with. */
  secret: z.string(),
  /** Milliseconds since the epoch. */
  expiresAt: z.number(),
});

/** A login at the codec server, as its cookie carries it. */
export type CodecSession = z.output<typeof content>;

/** A fresh login of a management client. */
export function newSession({ clientId, secretHash, now }: { clientId: string; secretHash: string; now: number }): CodecSession {
  return { id: randomBytes(16).toString('base64url'), clientId, secret: secretMark(secretHash), expiresAt: now + SESSION_MS };
}

/** Whether the client still has the secret the login was made with. */
export function isSecretOf(session: CodecSession, secretHash: string): boolean {
  return session.secret === secretMark(secretHash);
}

/** `<content>.<mac>`, base64url. */
export function sessionToken(ring: KeyEncryptionRing, session: CodecSession): string {
  const data = Buffer.from(JSON.stringify(session)).toString('base64url');
  return `${data}.${authenticate({ ring, purpose: PURPOSE, data }).toString('base64url')}`;
}

/** The session of a token we made that is still in time; `undefined` for any other. */
export function readSessionToken({
  ring,
  token,
  now,
}: {
  ring: KeyEncryptionRing;
  token: string | undefined;
  now: number;
}): CodecSession | undefined {
  const [, data, mac] = TOKEN.exec(token ?? '') ?? [];
  if (data === undefined || mac === undefined) return undefined;
  if (!isAuthentic({ ring, purpose: PURPOSE, data, mac: Buffer.from(mac, 'base64url') })) return undefined;
  const session = content.parse(JSON.parse(Buffer.from(data, 'base64url').toString('utf8')));
  return session.expiresAt > now ? session : undefined;
}

function secretMark(secretHash: string): string {
  return createHash('sha256').update(`chancery/codec-session\0${secretHash}`).digest('base64url').slice(0, 22);
}
