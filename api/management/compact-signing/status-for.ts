import type { CompactProfile } from '../../../credentials/cwt/compact-profile.js';
import { changeStatus } from '../../../store/change-status.js';
import type { ApiContext } from '../../context.js';
import { takeStatus, type PlacedStatus } from '../../status/take-status.js';

/** A credential that is about to be signed, and is to have a place in a status list. */
export interface WantedStatus {
  readonly issuerId: string;
  readonly profile: CompactProfile;
  /** The DID that signs the credential. */
  readonly issuerDid: string;
  /** `_id` of the ledger entry that it will have. */
  readonly ledgerId: string;
  /** Whether the place says "revoked" from the start. */
  readonly isRevoked: boolean;
}

/** Takes a place in a status list. */
export type StatusFor = (context: ApiContext, wanted: WantedStatus) => Promise<PlacedStatus>;

/** A place in the list of the credential's DID. */
export const statusFor: StatusFor = async (context, { isRevoked, ...wanted }) => {
  const placed = await takeStatus(context, { ...wanted, mechanism: 'cwt-revocation-list' });
  if (isRevoked) {
    const owner = { _id: wanted.ledgerId, issuerId: wanted.issuerId, statuses: [placed.entry] };
    const scope = { db: context.db, publications: context.statusPublications, now: context.now };
    await changeStatus(scope, { owner, status: 1, reversible: true });
  }
  return placed;
};
