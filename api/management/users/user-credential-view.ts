import type { IssuedCredentialsDocument, MobileDigests } from '../../../store/documents.js';
import type { StatusValue } from '../../../store/status-documents.js';
import type { UserCredentialView } from './user-credential.schema.js';

/** An entry of the ledger without the credentials. */
export type LedgerEntry = Omit<IssuedCredentialsDocument, 'sealed'>;

/** What the view of an entry takes from other records. */
export interface EntryFacts {
  /** The reusable offer it came from, if it came from one. */
  readonly offerId: string | undefined;
  /** Of its copies. */
  readonly statuses: readonly StatusValue[];
}

/** An entry as the API shows it: no claim values, no credentials, nothing of how Temporal names its request. */
export function toView(entry: LedgerEntry, { offerId, statuses }: EntryFacts): UserCredentialView {
  const { credentialId, type, profile, sessionId, configurationId, count, issuedAt, validFrom, validUntil } = entry;
  return {
    id: credentialId,
    type,
    profile,
    sessionId,
    credentialConfigurationId: configurationId,
    count,
    ...mobileMembers(entry.mobileDigests),
    issuedDate: issuedAt.toISOString(),
    ...(validFrom === undefined ? {} : { validFrom: validFrom.toISOString() }),
    ...(validUntil === undefined ? {} : { validUntil: validUntil.toISOString() }),
    // A pre-authorized offer is its session.
    offerId: offerId ?? sessionId,
    status: statusOf(statuses),
    ...(entry.claimOrigins === undefined ? {} : { claimOrigins: entry.claimOrigins }),
  };
}

/** All copies are meant to have one status: where a change is under way, the worst of them counts. */
function statusOf(statuses: readonly StatusValue[]): UserCredentialView['status'] {
  if (statuses.includes(1)) return 'invalid';
  return statuses.includes(2) ? 'suspended' : 'valid';
}

type MobileMembers = Pick<UserCredentialView, 'devicePublicKey' | 'namespaces' | 'msoHash' | 'copies'>;

function mobileMembers(digests: readonly MobileDigests[] | undefined): MobileMembers {
  const copies = (digests ?? []).map(({ devicePublicKey, elements, msoHash }) => ({
    devicePublicKey: { ...devicePublicKey },
    namespaces: namespacesOf(elements),
    msoHash,
  }));
  const [first] = copies;
  return first === undefined ? {} : { ...first, ...(copies.length === 1 ? {} : { copies }) };
}

function namespacesOf(elements: MobileDigests['elements']): Exclude<MobileMembers['namespaces'], undefined> {
  const namespaces = [...new Set(elements.map(({ namespace }) => namespace))];
  return Object.fromEntries(
    namespaces.map((namespace) => [
      namespace,
      Object.fromEntries(
        elements
          .filter((element) => element.namespace === namespace)
          .map(({ element, digestId, digest }) => [element, { digestID: digestId, digest }]),
      ),
    ]),
  );
}
