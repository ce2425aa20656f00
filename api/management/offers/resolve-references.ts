import { DEFAULT_ISSUER_ID, type IssuerSnapshot } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError, type ErrorDetail } from '../../http/errors.js';

interface References {
  readonly credentials: readonly string[];
  readonly authenticationProviderId?: string;
}

/**
 * The issuer's snapshot that holds everything an offer refers to.
 *
 * @throws {ManagementError} 400 naming every configuration, and the provider, that does not exist
 */
export async function resolveReferences({ directory }: ApiContext, references: References): Promise<IssuerSnapshot> {
  const known = await directory.get(DEFAULT_ISSUER_ID);
  if (faultsOf(references, known).length === 0) return known;
  // One that another process made a moment ago is not in our snapshot yet.
  const snapshot = await directory.get(DEFAULT_ISSUER_ID, known.revision + 1);
  const faults = faultsOf(references, snapshot);
  if (faults.length > 0) throw ManagementError.validation(faults);
  return snapshot;
}

function faultsOf(
  { credentials, authenticationProviderId: providerId }: References,
  { configurations, authenticationProviders }: IssuerSnapshot,
): ErrorDetail[] {
  const faults = credentials.flatMap((id, index): ErrorDetail[] =>
    configurations.has(id)
      ? []
      : [{ msg: 'is not the id of a credential configuration', param: `credentials[${index}]`, location: 'body' }],
  );
  if (providerId !== undefined && !authenticationProviders.has(providerId)) {
    const msg = 'is not the id of an authentication provider';
    faults.push({ msg, param: 'authenticationProviderId', location: 'body' });
  }
  return faults;
}
