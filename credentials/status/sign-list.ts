import { credentialSigners, type SignerRecords } from '../../keys/credential-signers.js';
import { didWebOf } from '../../keys/did-web.js';
import type { KeyAccess } from '../../keys/open-signer.js';
import type {
  PublishedStatusListDocument,
  StatusListConfigurationDocument,
  StatusListDocument,
} from '../../store/status-documents.js';
import type { ChangedStatus } from './status-array.js';
import { signStatusForms } from './status-forms.js';

interface Signing {
  readonly list: StatusListDocument;
  readonly changed: readonly ChangedStatus[];
  /** Of the issuer's snapshot. */
  readonly records: SignerRecords & { readonly statusListConfigurations: readonly StatusListConfigurationDocument[] };
  readonly access: KeyAccess;
  readonly issuerIdentifier: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Signs a status list with the issuer's keys as they are now.
 *
 * @returns what is published of it
 * @throws {SignerError} when the key cannot be used now
 */
export async function signList({
  list,
  changed,
  records,
  access,
  issuerIdentifier,
  now,
}: Signing): Promise<Pick<PublishedStatusListDocument, 'forms' | 'issuedAt' | 'expiresAt' | 'ttlSeconds'>> {
  const signers = credentialSigners({ records, access, issuerDid: didWebOf(issuerIdentifier) });
  const configuration = records.statusListConfigurations.find(({ _id }) => _id === list.statusListConfigurationId);
  const { forms, times } = await signStatusForms({ list, changed, configuration, signers, issuerIdentifier, now });
  return { forms, issuedAt: now, expiresAt: times.expiresAt * 1000, ttlSeconds: times.ttl };
}
