import { randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';

/** What the issuer's session token says, as far as the demo's hook needs it. */
export interface HookSession {
  readonly state: string;
  /** Where to send the browser back to, at the issuer's. */
  readonly redirectUrl: string;
  /** How the issuer calls this hook. */
  readonly hookUrl: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

interface TokenParties {
  /** The HMAC key, base64. */
  readonly secret: string;
  /** The issuer's public URL. */
  readonly issuerUrl: string;
  readonly hookUrl: string;
}

const LIFETIME_SECONDS = 60;

/**
 * Verifies the session token that a browser brought (HS256, whose and for whom), and that its way back leads to the issuer.
 *
 * @throws {Error} where any of it does not hold
 */
export async function readSessionToken(token: string, { secret, issuerUrl, hookUrl }: TokenParties): Promise<HookSession> {
  const { payload } = await jwtVerify(token, keyOf(secret), {
    algorithms: ['HS256'],
    issuer: issuerUrl,
    audience: [hookUrl, `${hookUrl}/`],
    clockTolerance: 5,
  });
  const { aud, state, redirectUrl, claims } = payload;
  if (typeof aud !== 'string' || typeof state !== 'string' || typeof redirectUrl !== 'string')
    throw new Error('the token has no aud, state or redirectUrl');
  if (new URL(redirectUrl).origin !== new URL(issuerUrl).origin) throw new Error('the redirectUrl is not of the issuer');
  return { state, redirectUrl, hookUrl: aud, claims: typeof claims === 'object' ? (claims as HookSession['claims']) : {} };
}

/** What the hook tells the issuer. */
export type HookAnswer =
  { readonly claims: Readonly<Record<string, unknown>> } | { readonly status: 'pending' } | { readonly error: 'access_denied' };

/** A session token for the issuer, good for a minute. */
export function answerToken(
  answer: HookAnswer,
  { session, secret, issuerUrl }: { session: HookSession; secret: string; issuerUrl: string },
): Promise<string> {
  const payload = { claims: {}, claimsToPersist: [], ...answer, state: session.state };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(session.hookUrl)
    .setAudience(issuerUrl)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME_SECONDS}s`)
    .setJti(randomUUID())
    .sign(keyOf(secret));
}

function keyOf(secret: string): Uint8Array {
  return new Uint8Array(Buffer.from(secret, 'base64'));
}
