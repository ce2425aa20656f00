import { issuerSigners, type IssuerSigners } from '../../keys/issuer-signers.js';
import { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import type { SharedSystem } from '../harness/use-system.js';

/** The key-encryption ring of a system: with it a test makes what only the issuer can, as of another time or for another issuer. */
export function ringOf({ masterKey }: Pick<SharedSystem, 'masterKey'>): KeyEncryptionRing {
  return new KeyEncryptionRing([new Uint8Array(Buffer.from(masterKey, 'base64url'))]);
}

/** The issuer's own signers. */
export async function signersOf(system: Pick<SharedSystem, 'masterKey' | 'db'>): Promise<IssuerSigners> {
  const keys = await system.db.signingKeys.find({ issuerId: DEFAULT_ISSUER_ID }).toArray();
  return issuerSigners({ keys, access: { ring: ringOf(system) } });
}
