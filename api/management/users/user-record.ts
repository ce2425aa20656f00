import type { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import type { UserDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import { claimsOfUser, findUser, subjectOfUser } from '../../../store/users.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { UserView } from './user.schema.js';

/** A user as the API shows it, opened. */
export function toView(ring: KeyEncryptionRing, user: UserDocument): UserView {
  const subject = subjectOfUser(ring, user);
  return {
    id: user._id,
    claims: claimsOfUser(ring, user),
    ...(subject === undefined ? {} : { authenticationProvider: subject }),
  };
}

/** @throws {ManagementError} 404 */
export async function requireUser({ db }: ApiContext, userId: string): Promise<UserDocument> {
  const user = await findUser({ db, issuerId: DEFAULT_ISSUER_ID }, userId);
  if (user === null) throw ManagementError.notFound('id', userId);
  return user;
}

/** Whether a credential was issued to the user: one of whom nothing is kept has no record. */
export async function isInLedger({ db }: ApiContext, userId: string): Promise<boolean> {
  const filter = { issuerId: DEFAULT_ISSUER_ID, userId };
  return (await db.issuedCredentials.findOne(filter, { projection: { _id: 1 } })) !== null;
}
