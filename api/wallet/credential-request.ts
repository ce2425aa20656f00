import type { CredentialConfigurationDocument } from '../../store/configuration-documents.js';
import { OAuthError } from '../http/errors.js';
import type { AccessToken } from '../oauth/access-token.js';
import { insufficientScope } from '../oauth/protected-resource.js';
import { invalidProof } from './proof-jwt.js';

/** The body of a credential request: a JSON object of which only the members of OID4VCI 8.2 are read. */
export type CredentialRequestBody = Readonly<Record<string, unknown>>;

type FindConfiguration = (id: string) => Promise<CredentialConfigurationDocument | undefined>;

/**
 * The configuration that a credential request selects, covered by its token. In this order: both or no selector, an
 * unknown value, the wrong kind of selector, no authorization (OID4VCI 8.2, 8.3.1).
 *
 * @throws {OAuthError} `invalid_credential_request`, `unknown_credential_configuration`, `unknown_credential_identifier`,
 *   or 403 `insufficient_scope`
 */
export async function selectedConfiguration(
  body: CredentialRequestBody,
  { token, find }: { token: AccessToken; find: FindConfiguration },
): Promise<CredentialConfigurationDocument> {
  const { credential_identifier: identifier, credential_configuration_id: configurationId } = body;
  if ((identifier === undefined) === (configurationId === undefined)) {
    throw malformed('send exactly one of credential_configuration_id and credential_identifier');
  }
  return identifier === undefined
    ? byConfigurationId(configurationId, { token, find })
    : byIdentifier(identifier, { token, find });
}

/**
 * The proofs of a credential request, still unchecked: of the one type there is, `jwt`.
 *
 * @throws {OAuthError} `invalid_proof`, or `invalid_credential_request` for more proofs than a batch may have (CRD-07)
 */
export function proofsOf({ proofs }: CredentialRequestBody, { batchSize }: { batchSize: number }): readonly string[] {
  if (proofs === undefined) throw invalidProof('proofs is missing: this credential is bound to a key of the holder');
  if (typeof proofs !== 'object' || proofs === null || Array.isArray(proofs)) throw invalidProof('proofs must be a JSON object');
  const [type, ...others] = Object.keys(proofs);
  if (type === undefined || others.length > 0) throw invalidProof('proofs must have exactly one member, named by the proof type');
  const list = (proofs as { readonly jwt?: unknown }).jwt;
  if (list === undefined) throw invalidProof('the proof type is not supported: send proofs of type jwt');
  if (!Array.isArray(list) || list.length === 0) throw invalidProof('proofs.jwt must be a non-empty array');
  if (list.length > batchSize) throw malformed(`send no more than ${batchSize} proofs in one request`);
  if (!list.every((proof) => typeof proof === 'string')) throw invalidProof('proofs.jwt must hold strings');
  return list;
}

/**
 * Encrypted responses are not offered (they are not in the metadata), so no parameters for one can be right.
 *
 * @throws {OAuthError} `invalid_encryption_parameters`
 */
export function refuseEncryption({ credential_response_encryption: encryption }: CredentialRequestBody): void {
  if (encryption === undefined) return;
  throw new OAuthError(
    'invalid_encryption_parameters',
    'this issuer does not encrypt responses: leave credential_response_encryption out',
  );
}

/** `invalid_credential_request` (OID4VCI 8.3.1.2). */
export function malformed(description: string): OAuthError {
  return new OAuthError('invalid_credential_request', description);
}

async function byConfigurationId(
  id: unknown,
  { token, find }: { token: AccessToken; find: FindConfiguration },
): Promise<CredentialConfigurationDocument> {
  if (typeof id !== 'string') throw malformed('credential_configuration_id must be a string');
  const configuration = await find(id);
  if (configuration === undefined) throw unknownConfiguration();
  if (isByIdentifier(token, id)) {
    throw malformed('the token response named credential_identifiers: select by credential_identifier');
  }
  if (!token.configurationIds.includes(id))
    throw insufficientScope(token, 'the access token does not cover this credential configuration');
  return configuration;
}

/** What was asked for by scope, beside authorization_details, has no identifier (OID4VCI 8.2). */
function isByIdentifier({ authorizationDetails, configurationIds }: AccessToken, id: string): boolean {
  const named = new Set(authorizationDetails?.map(({ credential_configuration_id }) => credential_configuration_id));
  return named.has(id) || (named.size > 0 && configurationIds.every((covered) => named.has(covered)));
}

async function byIdentifier(
  identifier: unknown,
  { token, find }: { token: AccessToken; find: FindConfiguration },
): Promise<CredentialConfigurationDocument> {
  if (typeof identifier !== 'string') throw malformed('credential_identifier must be a string');
  const granted = token.authorizationDetails?.find(({ credential_identifiers }) => credential_identifiers.includes(identifier));
  if (granted === undefined) {
    throw new OAuthError('unknown_credential_identifier', 'the token response did not name this credential_identifier');
  }
  const configuration = await find(granted.credential_configuration_id);
  if (configuration === undefined) throw unknownConfiguration();
  return configuration;
}

function unknownConfiguration(): OAuthError {
  return new OAuthError(
    'unknown_credential_configuration',
    'there is no such credential configuration; look at the issuer metadata',
  );
}
