import type { JwtVcConfigurationDocument, WebSemanticConfigurationDocument } from '../../store/configuration-documents.js';
import { CredentialContentError } from '../credential-content-error.js';
import type { IssueInput } from '../credential-format.js';
import type { CredentialTimes } from '../credential-times.js';
import { claimTree } from '../claim-tree.js';
import { unusableClaims } from '../unusable-claims.js';
import { credentialStatus } from './credential-status.js';
import { holderDidOf } from './holder-did.js';

/** A configuration of a W3C format. */
export type VerifiableCredentialConfiguration = JwtVcConfigurationDocument | WebSemanticConfigurationDocument;

export type JsonObject = Readonly<Record<string, unknown>>;

/** A W3C credential before it is signed. */
export interface CredentialDocument extends JsonObject {
  readonly '@context': readonly (string | JsonObject)[];
  readonly id?: string;
  readonly type: readonly string[];
  readonly issuer: string | (JsonObject & { readonly id: string });
  readonly credentialSubject: JsonObject;
}

type CredentialInput = Pick<
  IssueInput<VerifiableCredentialConfiguration>,
  'configuration' | 'claims' | 'holderKey' | 'holderDid' | 'credentialId' | 'status'
>;

/** `VerifiableCredential` and the configuration's types. */
export function typesOf({
  type,
  additionalTypes,
}: Pick<VerifiableCredentialConfiguration, 'type' | 'additionalTypes'>): string[] {
  return ['VerifiableCredential', type, ...additionalTypes];
}

/**
 * The credential (VCDM 1.1 4, VCDM 2.0 4), its members in the order that people read them.
 *
 * @param options.shown what it says about itself for people, e.g. `name`
 * @throws {CredentialContentError}
 */
export function credentialDocument({
  input: { configuration, claims, holderKey, holderDid, credentialId, status },
  contexts,
  issuer,
  shown = {},
  times,
}: {
  input: CredentialInput;
  contexts: CredentialDocument['@context'];
  issuer: CredentialDocument['issuer'];
  shown?: JsonObject;
  times: CredentialTimes;
}): CredentialDocument {
  checkClaims(configuration, claims);
  const { holderBinding, includeId } = configuration;
  const subject = holderDidOf({ holderBinding, holderKey, holderDid });
  return {
    '@context': contexts,
    ...(includeId ? { id: `urn:uuid:${credentialId}` } : {}),
    type: typesOf(configuration),
    ...shown,
    issuer,
    ...validity(configuration.vcdmVersion, times),
    credentialSubject: { ...(subject === undefined ? {} : { id: subject }), ...claims },
    ...(status === undefined ? {} : { credentialStatus: credentialStatus(status) }),
  };
}

/** Seconds since the epoch as an XML Schema dateTime. */
export function dateTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

function validity(
  version: VerifiableCredentialConfiguration['vcdmVersion'],
  { issuedAt, expiresAt }: CredentialTimes,
): JsonObject {
  const [from, until] = version === '1.1' ? ['issuanceDate', 'expirationDate'] : ['validFrom', 'validUntil'];
  return { [from]: dateTime(issuedAt), ...(expiresAt === undefined ? {} : { [until]: dateTime(expiresAt) }) };
}

function checkClaims({ claimMappings }: VerifiableCredentialConfiguration, claims: JsonObject): void {
  const unusable = unusableClaims(claimTree(claimMappings), claims);
  if (unusable.length > 0) throw new CredentialContentError(`no credential can carry the value of ${unusable.join(', ')}`);
  if ('id' in claims) throw new CredentialContentError('the id of the subject is its DID, and no claim');
}
