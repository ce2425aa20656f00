import type { Slot } from '../../../store/certificate-slots.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import type { SignerResource } from './signer-resource.js';

/** The place of a signer among those that unmanaged IACAs may have. */
export function signerSlot({ db, now }: ApiContext, { kind, most }: SignerResource, ownerId: string): Slot {
  const exists = async (_id: string) =>
    (await db.certificateSigners.findOne({ _id, issuerId: DEFAULT_ISSUER_ID }, { projection: { _id: 1 } })) !== null;
  return { db, issuerId: DEFAULT_ISSUER_ID, kind, most, ownerId, now: now(), exists };
}
