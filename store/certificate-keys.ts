import { openSigner } from '../keys/open-signer.js';
import { SignerError, type Signer } from '../keys/signer.js';
import { createSigningKey, signingKeyId } from '../keys/signing-key.js';
import { isDuplicateKey } from './database.js';
import type { KeyPurpose, SigningKeyDocument } from './documents.js';
import type { IacaDocument } from './identity-documents.js';
import type { KeyScope } from './signing-keys.js';

/** What of a record makes its key. */
interface KeyOwner {
  readonly purpose: Extract<KeyPurpose, 'iaca' | 'document-signer' | 'mobile-status-signer'>;
  readonly recordId: string;
}

/**
 * The key of an IACA or a certified signer, made at the first call. Of two that make it at once, one key stands.
 *
 * @throws {SignerError} where the key store makes none
 */
export async function recordKey(scope: KeyScope, { purpose, recordId }: KeyOwner): Promise<SigningKeyDocument> {
  const { db, issuerId, ring, stores, now } = scope;
  const _id = signingKeyId({ issuerId, purpose, generation: 1, recordId });
  const known = await db.signingKeys.findOne({ _id });
  if (known !== null) return known;
  const store = stores?.forPurpose(purpose);
  const key = await createSigningKey({ issuerId, purpose, generation: 1, recordId, state: 'active', ring, store, now });
  try {
    await db.signingKeys.insertOne(key);
    return key;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return recordKey(scope, { purpose, recordId });
  }
}

/** A managed IACA as what signs. @throws {SignerError} */
export async function openIaca(
  scope: KeyScope,
  { keyRef, certificate }: Pick<IacaDocument, 'keyRef' | 'certificate'>,
): Promise<{ signer: Signer; certificate: string }> {
  const document = keyRef === undefined ? null : await scope.db.signingKeys.findOne({ _id: keyRef, issuerId: scope.issuerId });
  if (document === null) throw new SignerError('the IACA has no key here', { retryable: false });
  return { signer: openSigner({ document, access: scope }), certificate };
}
