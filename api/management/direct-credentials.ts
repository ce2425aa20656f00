import { sealEnvelope } from '../../keys/envelope.js';
import type { CredentialProfile } from '../../store/configuration-documents.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import type { ApiContext } from '../context.js';
import type { PlacedStatus } from '../status/take-status.js';

/** A credential that was signed at once for an API client, without an issuance. */
export interface DirectCredential {
  readonly credentialId: string;
  readonly profile: CredentialProfile;
  readonly type: string;
  /** Of the key that signed it. */
  readonly keyId: string;
  readonly validFrom?: Date | undefined;
  readonly validUntil?: Date | undefined;
  readonly tag?: string | undefined;
  readonly status: PlacedStatus | undefined;
  /** The credential itself, where it is to be kept. */
  readonly kept?: unknown;
}

/** `_id` of its ledger entry. */
export function directLedgerId(credentialId: string): string {
  return `direct/${credentialId}`;
}

/**
 * Enters it in the ledger, so that its status can be changed by its id. It belongs to no session, configuration and user,
 * and the credential itself is kept only where it is given.
 */
export async function enterDirectCredential({ db, ring, now }: ApiContext, credential: DirectCredential): Promise<void> {
  const { credentialId, profile, type, keyId, validFrom, validUntil, tag, status, kept } = credential;
  const _id = directLedgerId(credentialId);
  await db.issuedCredentials.insertOne({
    _id,
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
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validUntil === undefined ? {} : { validUntil }),
    ...(tag === undefined ? {} : { tag }),
    ...(status === undefined ? {} : { statuses: [status.entry], statusPolicy: { suspendable: false, revokeOn: [] } }),
    ...(kept === undefined ? {} : { persist: true, sealed: sealEnvelope({ ring, value: [kept], context: _id }) }),
  });
}
