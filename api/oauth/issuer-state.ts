import type { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { mintAuthenticId, readAuthenticId } from './authentic-id.js';

const PURPOSE = 'issuer-state';

/** The `issuer_state` of a reusable offer (OID4VCI 4.1.1): `<offerId>.<mac>`, the same for all who claim it. */
export function issuerState({ ring, issuerId, offerId }: { ring: KeyEncryptionRing; issuerId: string; offerId: string }): string {
  return mintAuthenticId(offerId, { ring, issuerId, purpose: PURPOSE });
}

/**
 * The id of the offer that an `issuer_state` names, also one made under an older key of the ring; `undefined` for what
 * this issuer never gave out. Whether the offer is there, and open, is another matter.
 */
export function offerOfIssuerState({
  ring,
  issuerId,
  issuerState: text,
}: {
  ring: KeyEncryptionRing;
  issuerId: string;
  issuerState: string;
}): string | undefined {
  return readAuthenticId(text, { ring, issuerId, purpose: PURPOSE });
}
