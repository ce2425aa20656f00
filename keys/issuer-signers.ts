import type { KeyPurpose, SigningKeyDocument } from '../store/documents.js';
import { activeKey, keysOf } from './active-key.js';
import { openSigner, type KeyAccess } from './open-signer.js';
import type { PublicJwk, Signer } from './signer.js';

/** A public key as a JWK set shows it. */
export type PublishedJwk = PublicJwk & {
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
};

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
export function issuerSigners({ keys, access }: { keys: readonly SigningKeyDocument[]; access: KeyAccess }): IssuerSigners {
  const known = derived.get(keys);
  if (known !== undefined) return known;
  const signers: IssuerSigners = {
    credential: openSigner({ document: activeKey(keys, 'credential-signing'), access }),
    accessToken: openSigner({ document: activeKey(keys, 'access-token'), access }),
    accessTokenJwks: jwkSet(keys, 'access-token'),
    credentialJwks: jwkSet(keys, 'credential-signing'),
    rootCertificatesPem: keysOf(keys, 'root-certificate')
      .flatMap(({ certificateChain }) => certificateChain.map(toPem))
      .join(''),
  };
  derived.set(keys, signers);
  return signers;
}

const STATE_ORDER = { active: 0, published: 1, retired: 2 } as const;

function jwkSet(keys: readonly SigningKeyDocument[], purpose: KeyPurpose): JwkSet {
  const sorted = keysOf(keys, purpose).sort((a, b) => STATE_ORDER[a.state] - STATE_ORDER[b.state]);
  return { keys: sorted.map(({ publicJwk, keyId, algorithm }) => ({ ...publicJwk, kid: keyId, alg: algorithm, use: 'sig' })) };
}

function toPem(base64Der: string): string {
  const lines = base64Der.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
