import { createHmac, timingSafeEqual } from 'node:crypto';
import { openEnvelope } from '../../keys/envelope.js';
import type { KeyEncryptionRing } from '../../keys/key-encryption.js';
import type { InteractionHookDocument } from '../../store/documents.js';
import { hookSecretContext } from '../../store/openid-configuration.js';
import { JwsError, parseCompactJws, type CompactJws } from '../oauth/jws.js';

/** A token from the hook does not hold. The message says what is wrong, and repeats nothing of it. */
export class HookTokenError extends Error {
  override readonly name = 'HookTokenError';
}

/** The two ends of a hook token, and what they share. */
export interface HookParties {
  readonly ring: KeyEncryptionRing;
  readonly issuerId: string;
  readonly issuerIdentifier: string;
  readonly hook: InteractionHookDocument;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** As base64url, 64 kB of claims and what is around them. */
const LONGEST_TOKEN = 98_304;
const LEEWAY_SECONDS = 30;
/** A returning token travels in a URL: it has to be young. */
const LONGEST_LIFE_SECONDS = 900;

/**
 * The `session_token` that a holder's browser carries to the hook (product.md 4): HS256 over `state`, `redirectUrl` and the
 * claims that the hook is configured to see.
 *
 * @param options.lifetimeSeconds how long the hook may take
 */
export function signHookToken(
  { ring, issuerId, issuerIdentifier, hook, now }: HookParties,
  content: {
    readonly state: string;
    readonly redirectUrl: string;
    readonly claims: Readonly<Record<string, unknown>>;
    readonly lifetimeSeconds: number;
  },
): string {
  const { lifetimeSeconds, ...members } = content;
  const iat = Math.floor(now / 1000);
  const payload = { iss: issuerIdentifier, aud: hook.url, iat, exp: iat + lifetimeSeconds, ...members };
  const signingInput = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`;
  return `${signingInput}.${mac(secretsOf({ ring, issuerId, hook, now })[0] ?? Buffer.alloc(0), signingInput).toString('base64url')}`;
}

/**
 * Checks a token that the hook signed, under its secret or the one before it, and gives its payload.
 *
 * @param options.allowExpired true where this very token was accepted before
 * @throws {HookTokenError}
 */
export function verifyHookToken(
  parties: HookParties,
  token: string,
  { allowExpired = false }: { allowExpired?: boolean } = {},
): Readonly<Record<string, unknown>> {
  const jws = parse(token);
  if (jws.header.alg !== 'HS256') throw new HookTokenError('must be signed with HS256');
  const signed = token.slice(0, token.lastIndexOf('.'));
  const isGenuine = secretsOf(parties).some((secret) => isEqual(mac(secret, signed), jws.signature));
  if (!isGenuine) throw new HookTokenError('has a wrong signature');
  const { iss, aud } = jws.payload;
  if (iss !== parties.hook.url) throw new HookTokenError('must have the URL of the hook as iss');
  if (aud !== parties.issuerIdentifier) throw new HookTokenError('must have the URL of the issuer as aud');
  checkTimes(jws.payload, parties.now, allowExpired);
  return jws.payload;
}

function checkTimes({ iat, exp, nbf }: Readonly<Record<string, unknown>>, now: number, allowExpired: boolean): void {
  const seconds = now / 1000;
  if (typeof exp !== 'number' || typeof iat !== 'number') throw new HookTokenError('needs iat and exp, in seconds');
  if (iat > seconds + LEEWAY_SECONDS || (typeof nbf === 'number' && nbf > seconds + LEEWAY_SECONDS))
    throw new HookTokenError('is not valid yet; check the clocks');
  if (exp - iat > LONGEST_LIFE_SECONDS) throw new HookTokenError(`must end within ${LONGEST_LIFE_SECONDS} seconds`);
  if (exp <= seconds - LEEWAY_SECONDS && !allowExpired) throw new HookTokenError('has expired');
}

/** The current secret first, then the one before it as long as it is accepted. */
function secretsOf({ ring, issuerId, hook, now }: Omit<HookParties, 'issuerIdentifier'>): Buffer[] {
  const open = (envelope: InteractionHookDocument['secret']) =>
    Buffer.from(openEnvelope({ ring, envelope, context: hookSecretContext(issuerId) }) as string, 'base64');
  const { secret, previous } = hook;
  return [open(secret), ...(previous !== undefined && previous.until.getTime() > now ? [open(previous.secret)] : [])];
}

function parse(token: string): CompactJws {
  try {
    return parseCompactJws(token, { maxBytes: LONGEST_TOKEN });
  } catch (error) {
    throw error instanceof JwsError ? new HookTokenError(error.message) : error;
  }
}

function mac(secret: Buffer, data: string): Buffer {
  return createHmac('sha256', secret).update(data).digest();
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
