import type { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { seal, unseal, UnsealError } from '../../keys/key-encryption.js';

/** An authorization request as it was accepted: everything that the steps after it need to know of it. */
export interface AuthorizationRequest {
  /** 128 random bits, base64url: the session it becomes when the holder goes on. */
  readonly sessionId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Whether the redirect URI is registered for the client: an error may be sent to no other before the holder agreed. */
  readonly isRegistered: boolean;
  readonly state?: string;
  /** `code_challenge`, S256. */
  readonly codeChallenge: string;
  /** `dpop_jkt`, or the key of the DPoP proof at the PAR endpoint (RFC 9449 10). */
  readonly dpopThumbprint?: string;
  /** All that is asked for and exists, in the order asked. */
  readonly configurationIds: readonly string[];
  /** Those of them asked for by `authorization_details`. */
  readonly byAuthorizationDetails: readonly string[];
  /** The reusable offer that `issuer_state` names. */
  readonly offerId?: string;
  /** The offer's choice of a provider. */
  readonly authenticationProviderId?: string;
  /** Further parameters that the provider may be sent, as far as it is configured so: `login_hint`, `prompt`, ... */
  readonly parameters: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch: until when a browser may bring it. */
  readonly expiresAt: number;
}

const CONTEXT = 'authorization-request';
const SHAPE = /^([A-Za-z0-9_-]{12})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{24,24000})$/;

/** Seals a request into a URL-safe text. Nothing of it is stored: any process opens it, and nobody else can. */
export function sealAuthorizationRequest({
  ring,
  issuerId,
  request,
}: {
  ring: KeyEncryptionRing;
  issuerId: string;
  request: AuthorizationRequest;
}): string {
  const plaintext = Buffer.from(JSON.stringify(request));
  const { iv, data } = seal({ key: ring.subkey(CONTEXT), plaintext, context: `${CONTEXT}\0${issuerId}` });
  return `${ring.keyNames[0] ?? ''}.${iv}.${data}`;
}

/** Opens what `sealAuthorizationRequest` made; `undefined` for anything else, and for a request whose time is over. */
export function openAuthorizationRequest({
  ring,
  issuerId,
  text,
  now,
}: {
  ring: KeyEncryptionRing;
  issuerId: string;
  text: string;
  /** Milliseconds since the epoch. */
  now: number;
}): AuthorizationRequest | undefined {
  const [, keyName, iv, data] = SHAPE.exec(text) ?? [];
  if (keyName === undefined || iv === undefined || data === undefined) return undefined;
  try {
    const key = ring.subkey(CONTEXT, keyName);
    const plaintext = unseal({ key, sealed: { iv, data }, context: `${CONTEXT}\0${issuerId}` });
    const request = JSON.parse(Buffer.from(plaintext).toString('utf8')) as AuthorizationRequest;
    return request.expiresAt > now ? request : undefined;
  } catch (error) {
    if (error instanceof UnsealError) return undefined;
    throw error;
  }
}
