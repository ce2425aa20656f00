import { decode, Tag, type DecodeOptions } from 'cbor2';
import { decodeBase32 } from './base32.js';
import type { CompactClaims } from './compact-claims.js';
import { COMPACT_PREFIXES, LARGEST_COMPACT_BYTES, type CompactProfile } from './compact-profile.js';
import { CompactDecodeError } from './compact-decode-error.js';
import { readClaims } from './read-claims.js';

/** A compact credential taken apart. Nothing of it is verified yet. */
export interface DecodedCompact {
  readonly profile: CompactProfile;
  /** Fragment of the verification method, whose DID is the `iss`. */
  readonly kid: string;
  readonly claims: CompactClaims;
  /** As they were signed: the protected header and the claims set, and the signature over both. */
  readonly protectedHeader: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

const COSE_SIGN1_TAG = 18;
const ES256 = -7;
const LONGEST_TEXT =
  Math.max(...Object.values(COMPACT_PREFIXES).map(({ length }) => length)) + Math.ceil((LARGEST_COMPACT_BYTES * 8) / 5);
const LONGEST_KID = 1024;

/** One encoding of everything, no tags of its own, and nothing that JSON has no word for. */
const STRICT: DecodeOptions = {
  maxDepth: 48,
  rejectStreaming: true,
  requirePreferred: true,
  rejectLongFloats: true,
  rejectDuplicateKeys: true,
  rejectUndefined: true,
  rejectSimple: true,
  ignoreGlobalTags: true,
};

/**
 * Takes an encoded credential apart: `CSC:/1/` or `CSS:/1/`, then base32 of a tagged COSE_Sign1 (RFC 9052 4.2) by ES256
 * whose payload is a CWT claims set.
 *
 * @throws {CompactDecodeError} for a text that this issuer would not make; nothing is read of one that is too long
 */
export function decodeCompact(text: string): DecodedCompact {
  if (text.length > LONGEST_TEXT) throw new CompactDecodeError(`is longer than ${LONGEST_TEXT} characters`);
  const profile = profileOf(text);
  const bytes = decodeBase32(text.slice(COMPACT_PREFIXES[profile].length));
  if (bytes === undefined) throw new CompactDecodeError('is not base32 after its prefix');
  const [protectedHeader, payload, signature] = readSign1(bytes);
  return {
    profile,
    kid: readKid(protectedHeader),
    claims: readClaims(strict(payload), profile),
    protectedHeader,
    payload,
    signature,
  };
}

function profileOf(text: string): CompactProfile {
  for (const profile of ['compact', 'compact-semantic'] as const) if (text.startsWith(COMPACT_PREFIXES[profile])) return profile;
  throw new CompactDecodeError(`must begin with ${Object.values(COMPACT_PREFIXES).join(' or ')}`);
}

function readSign1(bytes: Uint8Array): readonly [protectedHeader: Uint8Array, payload: Uint8Array, signature: Uint8Array] {
  const message = strict(bytes);
  const parts: unknown = message instanceof Tag && Number(message.tag) === COSE_SIGN1_TAG ? message.contents : undefined;
  if (!Array.isArray(parts) || parts.length !== 4) throw new CompactDecodeError('is not a tagged COSE_Sign1');
  const [protectedHeader, unprotectedHeader, payload, signature] = parts as readonly unknown[];
  if (!isEmptyMap(unprotectedHeader)) throw new CompactDecodeError('has an unprotected header, which nobody signed');
  if (!isBytes(protectedHeader) || !isBytes(payload) || !isBytes(signature) || signature.length !== 64)
    throw new CompactDecodeError('is not a COSE_Sign1 by ES256 with its payload');
  return [protectedHeader, payload, signature];
}

function readKid(protectedHeader: Uint8Array): string {
  const header = strict(protectedHeader);
  if (!(header instanceof Map) || header.size !== 2 || header.get(1) !== ES256)
    throw new CompactDecodeError('has a protected header other than of alg (ES256) and kid');
  const kid: unknown = header.get(4);
  if (!isBytes(kid) || kid.length === 0 || kid.length > LONGEST_KID) throw new CompactDecodeError('has no usable kid');
  return Buffer.from(kid).toString('utf8');
}

function strict(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, STRICT);
  } catch (cause) {
    throw new CompactDecodeError('is not well-formed CBOR in its shortest form', { cause });
  }
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

function isEmptyMap(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.keys(value).length === 0
  );
}
