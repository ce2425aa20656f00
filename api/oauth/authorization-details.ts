import { OAuthError } from '../http/errors.js';

/** An element of `authorization_details` as granted and answered (OID4VCI 6.2). */
export interface GrantedAuthorization {
  readonly type: 'openid_credential';
  readonly credential_configuration_id: string;
  readonly credential_identifiers: readonly string[];
}

const MOST = 100;

/**
 * The configurations that a wallet names in `authorization_details` (OID4VCI 5.1.1, 6.1.1), each once. Members that nobody
 * knows are ignored; `locations`, where they are sent, have to hold the issuer's identifier (RFC 9396 2.2).
 *
 * @throws {OAuthError} `invalid_authorization_details`
 */
export function requestedConfigurations(
  parameter: string,
  { issuerIdentifier }: { issuerIdentifier: string },
): readonly string[] {
  const elements = parse(parameter);
  if (!Array.isArray(elements) || elements.length === 0 || elements.length > MOST) {
    throw invalid(`authorization_details must be a JSON array of 1 to ${MOST} objects`);
  }
  return [...new Set(elements.map((element) => configurationOf(element, issuerIdentifier)))];
}

/** Grants one credential dataset per configuration; its identifier is the same each time (TOK-09). */
export function grantAuthorization(configurationId: string): GrantedAuthorization {
  return {
    type: 'openid_credential',
    credential_configuration_id: configurationId,
    credential_identifiers: [`${configurationId}:1`],
  };
}

/** `invalid_authorization_details` (RFC 9396 5). */
export function invalid(description: string): OAuthError {
  return new OAuthError('invalid_authorization_details', description);
}

function parse(parameter: string): unknown {
  try {
    return JSON.parse(parameter);
  } catch {
    throw invalid('authorization_details is not valid JSON');
  }
}

function configurationOf(element: unknown, issuerIdentifier: string): string {
  const {
    type,
    credential_configuration_id: id,
    locations,
  } = (typeof element === 'object' && element !== null ? element : {}) as {
    readonly type?: unknown;
    readonly credential_configuration_id?: unknown;
    readonly locations?: unknown;
  };
  if (type !== 'openid_credential') throw invalid('type of each element of authorization_details must be openid_credential');
  if (typeof id !== 'string' || id === '')
    throw invalid('each element of authorization_details needs a credential_configuration_id');
  if (locations !== undefined && !(Array.isArray(locations) && locations.includes(issuerIdentifier))) {
    throw invalid(`locations in authorization_details must be an array with ${issuerIdentifier}`);
  }
  return id;
}
