import { didWebOf } from '../../../keys/did-web.js';
import type { PublicJwk } from '../../../keys/signer.js';
import type { IssuerSnapshot } from '../../../store/issuer-directory.js';

/**
 * The key that a credential of this issuer's names by its `iss` and `kid`; retired ones are known as well.
 *
 * @param options.publicUrl whose did:web is the issuer's own
 */
export function issuerPublicKey(
  { keys, dids }: Pick<IssuerSnapshot, 'keys' | 'dids'>,
  { did, kid, publicUrl }: { did: string; kid: string; publicUrl: string },
): PublicJwk | undefined {
  if (did === didWebOf(publicUrl))
    return keys.find(({ purpose, keyId }) => purpose === 'assertion-es256' && keyId === kid)?.publicJwk;
  const record = dids.find((candidate) => candidate.did === did);
  const keyRef = record?.keys.find(({ verificationMethod }) => verificationMethod === `${did}#${kid}`)?.keyRef;
  return keys.find(({ _id }) => _id === keyRef)?.publicJwk;
}
