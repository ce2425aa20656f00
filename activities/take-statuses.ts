import type { StatusReference } from '../credentials/credential-format.js';
import { formatOf } from '../credentials/formats.js';
import { statusPoolOf } from '../credentials/status/status-pool.js';
import { statusReference } from '../credentials/status/status-uris.js';
import { didWebOf } from '../keys/did-web.js';
import type { CredentialConfigurationDocument } from '../store/configuration-documents.js';
import type { StatusEntryReference } from '../store/documents.js';
import { takeStatusEntries, type TakenEntry } from '../store/status-entries.js';
import { publishStatusList } from '../store/status-publication.js';
import type { IssueCredentialInput } from '../workflows/activity-types.js';
import type { ActivityDependencies } from './dependencies.js';
import { statusSigning } from './status-signing.js';

/** A place in a status list that is a credential's alone. */
export interface TakenStatus {
  readonly reference: StatusReference;
  readonly entry: StatusEntryReference;
}

/**
 * Takes a place in a status list for each credential of a request. A run that comes again gets the same places, unless
 * their list has been full in between.
 *
 * @returns nothing where the configuration asks for no status
 * @throws {SignerError} where a new list has to be opened, and cannot be signed now
 */
export async function takeStatuses(
  dependencies: ActivityDependencies,
  { issuerId, issuerRevision, ledgerId, holderKeys }: IssueCredentialInput,
  configuration: CredentialConfigurationDocument,
): Promise<readonly TakenStatus[]> {
  if (configuration.status === undefined) return [];
  const { db, ring, directory, issuerIdentifier, statusListSize: size, now } = dependencies;
  const records = await directory.get(issuerId, issuerRevision);
  const mechanism = formatOf(configuration).statusMechanism(configuration);
  const pool = statusPoolOf({ configuration, mechanism, records, issuerDid: didWebOf(issuerIdentifier), now: now() });
  const sign = statusSigning(dependencies, issuerId);
  const taken = await takeStatusEntries(
    {
      db,
      ring,
      issuerId,
      pool,
      size,
      publish: ({ _id: listId }) => publishStatusList({ db, issuerId, listId, sign }),
      now: now(),
    },
    holderKeys.map((_key, copy) => `${ledgerId}/${copy}`),
  );
  return taken.map((entry) => toTakenStatus(entry, issuerIdentifier));
}

function toTakenStatus({ list, index }: TakenEntry, issuerIdentifier: string): TakenStatus {
  return {
    reference: statusReference({ issuerIdentifier, list, index }),
    entry: { listId: list._id, index },
  };
}
