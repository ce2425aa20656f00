import type { CompactClaims } from '../../../credentials/cwt/compact-claims.js';
import type { CompactProfile } from '../../../credentials/cwt/compact-profile.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import type { PlacedStatus } from '../../status/take-status.js';

/** `_id` of the ledger entry of a credential that was signed without an issuance. */
export function directLedgerId(credentialId: string): string {
  return `direct/${credentialId}`;
}

/**
 * Enters a credential that was signed directly in the ledger, so that its status can be changed by its id. It belongs to no
 * session, configuration and user, and the credential itself is not kept.
 */
export async function enterSigned(
  { db, now }: ApiContext,
  {
    credentialId,
    profile,
    type,
    keyId,
    claims: { nbf, exp },
    status,
  }: {
    credentialId: string;
    profile: CompactProfile;
    type: string;
    keyId: string;
    claims: Pick<CompactClaims, 'nbf' | 'exp'>;
    status: PlacedStatus | undefined;
  },
): Promise<void> {
  await db.issuedCredentials.insertOne({
    _id: directLedgerId(credentialId),
    issuerId: DEFAULT_ISSUER_ID,
    sessionId: '',
    configurationId: '',
    userId: '',
    credentialId,
    profile,
    type,
    count: 1,
    keyId,
    issuedAt: new Date(now()),
    ...(nbf === undefined ? {} : { validFrom: new Date(nbf * 1000) }),
    ...(exp === undefined ? {} : { validUntil: new Date(exp * 1000) }),
    ...(status === undefined ? {} : { statuses: [status.entry], statusPolicy: { suspendable: false, revokeOn: [] } }),
  });
}
