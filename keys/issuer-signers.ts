import type { KeyPurpose, SigningKeyDocument } from '../store/documents.js';
import type { KeyEncryptionRing } from './key-encryption.js';
import { createLocalSigner } from './local-signer.js';
import { SignerError, type PublicJwk, type Signer } from './signer.js';

/** A public key as a JWK set shows it. */
export interface PublishedJwk extends PublicJwk {
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
}

export interface JwkSet {
  readonly keys: PublishedJwk[];
}

/** An issuer's signers, and the public side of all its keys. */
export interface IssuerSigners {
  readonly credential: Signer;
  readonly accessToken: Signer;
  /** Published, active and retired keys, the active one first. */
  readonly accessTokenJwks: JwkSet;
  /** Likewise, for `/.well-known/jwt-vc-issuer`. */
  readonly credentialJwks: JwkSet;
  /** Every root that a credential in the field may chain to. */
  readonly rootCertificatesPem: string;
}

const derived = new WeakMap<readonly SigningKeyDocument[], IssuerSigners>();

/**
 * The signers of an issuer, made once per `keys` array (an issuer snapshot's: another change, another array).
 *
 * @throws {SignerError} when a purpose has no active key, or its key does not unwrap
 */
export function issuerSigners({ keys, ring }: { keys: readonly SigningKeyDocument[]; ring: KeyEncryptionRing }): IssuerSigners {
  const known = derived.get(keys);
  if (known !== undefined) return known;
  const signers: IssuerSigners = {
    credential: createLocalSigner({ document: activeKey(keys, 'credential-signing'), ring }),
    accessToken: createLocalSigner({ document: activeKey(keys, 'access-token'), ring }),
    accessTokenJwks: jwkSet(keys, 'access-token'),
    credentialJwks: jwkSet(keys, 'credential-signing'),
    rootCertificatesPem: ofPurpose(keys, 'root-certificate')
      .flatMap(({ certificateChain }) => certificateChain.map(toPem))
      .join(''),
  };
  derived.set(keys, signers);
  return signers;
}

/**
 * The key to sign with: the newest active one, since during a rotation the old one stays active for a moment.
 *
 * @throws {SignerError}
 */
export function activeKey(keys: readonly SigningKeyDocument[], purpose: KeyPurpose): SigningKeyDocument {
  const active = ofPurpose(keys, purpose).find(({ state }) => state === 'active');
  if (active !== undefined) return active;
  // A start in progress makes the keys: waiting may help.
  throw new SignerError(`the issuer has no active ${purpose} key`, { retryable: true });
}

function ofPurpose(keys: readonly SigningKeyDocument[], purpose: KeyPurpose): SigningKeyDocument[] {
  return keys.filter((key) => key.purpose === purpose).sort((a, b) => b.generation - a.generation);
}

const STATE_ORDER = { active: 0, published: 1, retired: 2 } as const;

function jwkSet(keys: readonly SigningKeyDocument[], purpose: KeyPurpose): JwkSet {
  const sorted = ofPurpose(keys, purpose).sort((a, b) => STATE_ORDER[a.state] - STATE_ORDER[b.state]);
  return {
    keys: sorted.map(({ publicJwk: { kty, crv, x, y }, keyId, algorithm }) => ({
      kty,
      crv,
      x,
      y,
      kid: keyId,
      alg: algorithm,
      use: 'sig',
    })),
  };
}

function toPem(base64Der: string): string {
  const lines = base64Der.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
