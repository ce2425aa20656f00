import { OAuthError } from '../http/errors.js';
import { isSignedBy, JwsError, parseCompactJws, WALLET_ALGORITHMS, type CompactJws } from '../oauth/jws.js';
import { WalletKeyError, type WalletKey } from '../oauth/wallet-key.js';
import { DidKeyError } from './did-key.js';
import { proofKey, ProofKeyError } from './proof-key.js';

/** What proofs are checked against. */
export interface ProofExpectation {
  /** The credential issuer identifier. */
  readonly audience: string;
  /** Absent for an anonymous wallet. */
  readonly clientId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A key of the holder. */
export interface ProvenKey {
  readonly jwk: Readonly<Record<string, string>>;
  readonly thumbprint: string;
  /** The DID by which the proof named it, if it did. */
  readonly did?: string;
}

/** Proofs that passed: whether their nonces are good is still to be seen. */
export interface CheckedProofs {
  /** The holder's keys, bare public JWKs in the order of the proofs, all distinct. */
  readonly keys: readonly ProvenKey[];
  /** Each nonce once; mostly all proofs of a request carry the same. */
  readonly nonces: readonly string[];
}

const OLDEST_SECONDS = 600;
const NEWEST_SECONDS = 60;

/**
 * Checks proofs of type `jwt` (OID4VCI F.1, F.4): everything but whether their nonces are current and unspent.
 *
 * @throws {OAuthError} `invalid_proof`
 */
export function checkProofs(proofs: readonly string[], expected: ProofExpectation): CheckedProofs {
  const checked = proofs.map((proof, index) =>
    checkProof(proof, expected, proofs.length === 1 ? 'the proof' : `proof ${index + 1}`),
  );
  if (new Set(checked.map(({ key }) => key.thumbprint)).size !== checked.length) {
    throw invalidProof('each proof needs a key of its own: one credential is bound to one key');
  }
  return {
    keys: checked.map(({ key: { jwk, thumbprint }, did }) => ({ jwk, thumbprint, ...(did === undefined ? {} : { did }) })),
    nonces: [...new Set(checked.map(({ nonce }) => nonce))],
  };
}

/** `invalid_proof` (OID4VCI 8.3.1.2). */
export function invalidProof(description: string): OAuthError {
  return new OAuthError('invalid_proof', description);
}

function checkProof(proof: string, expected: ProofExpectation, name: string): CheckedProof {
  try {
    const jws = parseCompactJws(proof);
    const key = checkHeader(jws, expected.now);
    if (!isSignedBy(jws, key)) throw new ProofFault('has a signature that does not fit its key');
    const did = didOf(jws.header);
    return { key, nonce: checkPayload(jws, expected), ...(did === undefined ? {} : { did }) };
  } catch (error) {
    if (REASONS.some((reason) => error instanceof reason)) throw invalidProof(`${name} ${(error as Error).message}`);
    throw error;
  }
}

interface CheckedProof {
  readonly key: WalletKey;
  readonly nonce: string;
  readonly did?: string;
}

/** The header was checked: a `kid` in it is a DID URL. */
function didOf({ kid }: CompactJws['header']): string | undefined {
  return typeof kid === 'string' ? kid.split('#')[0] : undefined;
}

class ProofFault extends Error {}

const REASONS = [ProofFault, JwsError, WalletKeyError, DidKeyError, ProofKeyError];

function checkHeader({ header }: CompactJws, now: number): WalletKey {
  if (header.typ !== 'openid4vci-proof+jwt') throw new ProofFault('must have the typ openid4vci-proof+jwt');
  if (!WALLET_ALGORITHMS.some((algorithm) => algorithm === header.alg)) {
    throw new ProofFault(`must have an alg of ${WALLET_ALGORITHMS.join(', ')}`);
  }
  const key = proofKey(header, now);
  if (key.algorithm !== header.alg) throw new ProofFault('has a key that does not fit its alg');
  return key;
}

function checkPayload({ payload }: CompactJws, { audience, clientId, now }: ProofExpectation): string {
  const { aud, iat, exp, nbf, iss, nonce } = payload;
  if (aud !== audience) throw new ProofFault(`must have the aud ${audience}`);
  const seconds = now / 1000;
  if (typeof iat !== 'number') throw new ProofFault('must have an iat');
  if (iat < seconds - OLDEST_SECONDS || iat > seconds + NEWEST_SECONDS) {
    throw new ProofFault('must have an iat that is the current time in seconds; check the clock');
  }
  if (exp !== undefined && !(typeof exp === 'number' && exp > seconds - NEWEST_SECONDS)) throw new ProofFault('has expired');
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf < seconds + NEWEST_SECONDS)) throw new ProofFault('is not valid yet');
  // An anonymous wallet should leave iss out; one that does not is let pass (OID4VCI F.1).
  if (iss !== undefined && clientId !== undefined && iss !== clientId)
    throw new ProofFault('must have the client_id as its iss, or none');
  if (typeof nonce !== 'string' || nonce === '') throw new ProofFault('must have a nonce: get one from the nonce endpoint');
  return nonce;
}
