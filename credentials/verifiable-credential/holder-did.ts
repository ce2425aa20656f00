import { bareJwk } from '../../keys/public-jwk.js';
import { CredentialContentError } from '../credential-content-error.js';
import type { HolderJwk } from '../holder-jwk.js';

/** The did:jwk of a public key: its bare members in the order of RFC 7638, so that one key has one DID. */
export function didJwkOf(jwk: HolderJwk): string {
  return `did:jwk:${Buffer.from(JSON.stringify(bareHolderKey(jwk))).toString('base64url')}`;
}

/**
 * Who a credential is about (VCDM `credentialSubject.id`): the DID that the holder proved the key by, else the key's did:jwk;
 * nobody where the configuration binds to no key.
 *
 * @throws {CredentialContentError} where there must be a key and is none
 */
export function holderDidOf({
  holderBinding,
  holderKey,
  holderDid,
}: {
  holderBinding: boolean;
  holderKey: HolderJwk | null;
  holderDid?: string | undefined;
}): string | undefined {
  if (!holderBinding) return undefined;
  if (holderKey === null)
    throw new CredentialContentError('the configuration binds its credentials to a key, and none was given');
  return holderDid ?? didJwkOf(holderKey);
}

/** @throws {CredentialContentError} */
export function bareHolderKey(holderKey: HolderJwk): Record<string, string> {
  try {
    return bareJwk(holderKey);
  } catch (cause) {
    throw new CredentialContentError('the holder key is no public key that a credential can be bound to', { cause });
  }
}
