import type { RevocationTrigger } from '../store/configuration-documents.js';
import { revokeByPolicy } from '../store/revoke-by-policy.js';
import type { CloseIssuanceInput } from '../workflows/activity-types.js';
import type { ActivityDependencies } from './dependencies.js';

/** Revokes what an issuance brought, where the configuration says so for the way in which it ended. */
export async function revokeAsClosed(
  { db, statusPublications: publications, now }: ActivityDependencies,
  { issuerId, offerId, ledgerIds, deletedLedgerIds = [], unacknowledgedLedgerIds = [] }: CloseIssuanceInput,
): Promise<void> {
  const revoke = async (ids: readonly string[], trigger: RevocationTrigger) => {
    if (ids.length === 0) return;
    await revokeByPolicy({ db, publications, issuerId, now }, { filter: { _id: { $in: [...ids] } }, trigger });
  };
  await revoke(deletedLedgerIds, 'credential_deleted');
  await revoke(unacknowledgedLedgerIds, 'unacknowledged');
  if (offerId === undefined || ledgerIds.length === 0) return;
  // Its offer was revoked while it was on its way: who revoked that could not see these yet.
  const offer = await db.offers.findOne({ _id: offerId, issuerId }, { projection: { state: 1 } });
  if (offer?.state === 'revoked') await revoke(ledgerIds, 'withdrawn');
}
