import { X509Certificate } from 'node:crypto';
import { importWalletKey, type WalletKey } from '../oauth/wallet-key.js';
import { jwkOfDidUrl } from './did-key.js';

/** The header of a proof names no usable key. The message says why, and repeats nothing of it. */
export class ProofKeyError extends Error {
  override readonly name = 'ProofKeyError';
}

const LONGEST_CHAIN = 5;

/**
 * The key that a `jwt` proof is signed with: from exactly one of `jwk`, `kid` (a did:jwk or did:key DID URL) and `x5c`
 * (OID4VCI F.1). Nothing is fetched.
 *
 * @param now milliseconds since the epoch
 * @throws {ProofKeyError} among others
 */
export function proofKey({ jwk, kid, x5c }: Readonly<Record<string, unknown>>, now: number): WalletKey {
  if ([jwk, kid, x5c].filter((member) => member !== undefined).length !== 1) {
    throw new ProofKeyError('must name its key by exactly one of jwk, kid and x5c');
  }
  if (jwk !== undefined) return importWalletKey(jwk);
  if (x5c !== undefined) return importWalletKey(leafKey(x5c, now));
  if (typeof kid !== 'string') throw new ProofKeyError('has a kid that is not a string');
  return importWalletKey(jwkOfDidUrl(kid));
}

/** No trust anchors are configured for wallets: a chain has to hold in itself, and its leaf counts for its key. */
function leafKey(x5c: unknown, now: number): unknown {
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > LONGEST_CHAIN) {
    throw new ProofKeyError(`has an x5c that is not an array of 1 to ${LONGEST_CHAIN} certificates`);
  }
  const chain = x5c.map(parseCertificate);
  if (!chain.every((certificate) => isValidAt(certificate, now)))
    throw new ProofKeyError('has an x5c certificate that is not valid now');
  try {
    if (chain.every((certificate, index) => index === chain.length - 1 || isIssuedBy(certificate, chain[index + 1]))) {
      return chain[0]?.publicKey.export({ format: 'jwk' });
    }
  } catch {
    // Node throws for keys that it, or JWK, does not know.
    throw new ProofKeyError('has an x5c certificate of an unsupported key');
  }
  throw new ProofKeyError('has an x5c in which a certificate is not issued by the next');
}

function parseCertificate(base64: unknown): X509Certificate {
  try {
    if (typeof base64 !== 'string') throw new TypeError('no string');
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    throw new ProofKeyError('has an x5c entry that is not a base64 DER certificate');
  }
}

function isValidAt({ validFrom, validTo }: X509Certificate, now: number): boolean {
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate | undefined): boolean {
  return issuer !== undefined && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
