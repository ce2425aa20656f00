import type { OfferDocument } from '../../store/documents.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import { OAuthError } from '../http/errors.js';
import { invalid, requestedConfigurations } from '../oauth/authorization-details.js';
import type { AuthorizationRequest } from '../oauth/authorization-request.js';
import type { OAuthParameters } from '../oauth/parameters.js';
import { configurationsByScope } from './configuration-scopes.js';

type Requested = Pick<AuthorizationRequest, 'configurationIds' | 'byAuthorizationDetails'>;

interface Available {
  readonly snapshot: IssuerSnapshot;
  readonly issuerIdentifier: string;
  /** Narrows what may be asked for to what it holds. */
  readonly offer?: OfferDocument | undefined;
}

const MOST = 100;

/**
 * What an authorization request asks for, by `authorization_details`, by `scope`, or by both (OID4VCI 5.1). A wallet that
 * follows an offer and names nothing asks for all of it, as if by scope.
 *
 * @throws {OAuthError} `invalid_authorization_details` or `invalid_scope`
 */
export function requestedCredentials(parameters: OAuthParameters, available: Available): Requested {
  const details = parameters.get('authorization_details');
  const scope = parameters.get('scope');
  const byAuthorizationDetails = details === undefined ? [] : detailed(details, available);
  const byScope = scope === undefined ? [] : scoped(scope, available);
  const offered = details === undefined && scope === undefined ? existing(available) : [];
  const configurationIds = [...new Set([...byAuthorizationDetails, ...byScope, ...offered])];
  if (configurationIds.length === 0) {
    throw invalidScope('no credential is asked for: send a scope of the metadata, or authorization_details');
  }
  if (configurationIds.length > MOST) throw invalidScope(`more than ${MOST} credentials are asked for at once`);
  return { configurationIds, byAuthorizationDetails };
}

function detailed(parameter: string, { snapshot, issuerIdentifier, offer }: Available): readonly string[] {
  const ids = requestedConfigurations(parameter, { issuerIdentifier });
  if (!ids.every((id) => snapshot.configurations.has(id))) {
    throw invalid('authorization_details names a credential configuration that does not exist');
  }
  if (offer !== undefined && !ids.every((id) => offer.configurationIds.includes(id))) {
    throw invalid('authorization_details names a credential configuration that was not offered');
  }
  return ids;
}

/** Each value stands for itself; those of other servers and purposes are ignored. */
function scoped(parameter: string, { snapshot, offer }: Available): readonly string[] {
  const scopes = configurationsByScope(snapshot);
  return parameter.split(' ').flatMap((value) => {
    const ids = scopes.get(value) ?? [];
    const offered = offer === undefined ? ids : ids.filter((id) => offer.configurationIds.includes(id));
    if (ids.length > 0 && offered.length === 0) throw invalidScope('a scope is of a credential that was not offered');
    return offered;
  });
}

function existing({ snapshot, offer }: Available): readonly string[] {
  return offer?.configurationIds.filter((id) => snapshot.configurations.has(id)) ?? [];
}

function invalidScope(description: string): OAuthError {
  return new OAuthError('invalid_scope', description);
}
