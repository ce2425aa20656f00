import type { StatusReference } from '../../credentials/credential-format.js';
import { signList } from '../../credentials/status/sign-list.js';
import { statusPoolOf } from '../../credentials/status/status-pool.js';
import { statusReference } from '../../credentials/status/status-uris.js';
import { didWebOf } from '../../keys/did-web.js';
import type { CredentialProfile } from '../../store/configuration-documents.js';
import type { StatusEntryReference } from '../../store/documents.js';
import { takeStatusEntries } from '../../store/status-entries.js';
import type { StatusMechanism } from '../../store/status-documents.js';
import { publishStatusList } from '../../store/status-publication.js';
import type { ApiContext } from '../context.js';
import { UnavailableError } from '../http/errors.js';

/** A credential that is about to be signed without an issuance, and is to have a place in a status list. */
export interface WantedStatus {
  readonly issuerId: string;
  readonly profile: CredentialProfile;
  readonly mechanism: StatusMechanism;
  /** The DID that signs the credential. */
  readonly issuerDid: string;
  /** `_id` of the ledger entry that it will have. */
  readonly ledgerId: string;
}

/** A place that is the credential's alone. */
export interface PlacedStatus {
  readonly reference: StatusReference;
  readonly entry: StatusEntryReference;
}

/**
 * Takes a place in a status list, which is published before. A credential that is not signed after all leaves its place
 * unused for good.
 *
 * @throws {SignerError} where a new list has to be opened, and cannot be signed now
 */
export async function takeStatus(context: ApiContext, wanted: WantedStatus): Promise<PlacedStatus> {
  const { config, db, ring, directory, now } = context;
  const { issuerId, profile, mechanism, issuerDid, ledgerId } = wanted;
  const issuerIdentifier = config.PUBLIC_URL;
  const records = await directory.get(issuerId);
  const configuration = { profile, type: '', status: { suspendable: false, revokeOn: [] }, issuerDid };
  const [taken] = await takeStatusEntries(
    {
      db,
      ring,
      issuerId,
      pool: statusPoolOf({ configuration, mechanism, records, issuerDid: didWebOf(issuerIdentifier), now: now() }),
      size: config.STATUS_LIST_SIZE,
      publish: ({ _id: listId }) =>
        publishStatusList({
          db,
          issuerId,
          listId,
          sign: (list, changed) => signList({ list, changed, records, access: context, issuerIdentifier, now: now() }),
        }),
      now: now(),
    },
    [`${ledgerId}/0`],
  );
  if (taken === undefined) throw new UnavailableError('no place in a status list could be had; try again');
  const { list, index } = taken;
  return {
    reference: statusReference({ issuerIdentifier, list, index }),
    entry: { listId: list._id, index },
  };
}
