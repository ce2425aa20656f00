import type { StatusReference } from '../../../credentials/credential-format.js';
import { credentialContexts } from '../../../credentials/ldp-vc/credential-contexts.js';
import { shownMembers } from '../../../credentials/ldp-vc/display-context.js';
import { dateTime, typesOf, type CredentialDocument } from '../../../credentials/verifiable-credential/credential-document.js';
import { credentialStatus } from '../../../credentials/verifiable-credential/credential-status.js';
import type { WebSemanticConfigurationDocument } from '../../../store/configuration-documents.js';
import type { WebSemanticSignRequest } from './web-semantic-sign.schema.js';

/** As much of a configuration as the request is one. */
export function configurationOf({
  payload,
  proofType,
  revocable,
  ...request
}: WebSemanticSignRequest): WebSemanticConfigurationDocument {
  const [type = '', ...additionalTypes] = [payload.type].flat();
  const { name, description, credentialBranding, issuer } = payload;
  const { id: issuerDid, ...shownIssuer } = issuer;
  return {
    _id: '',
    issuerId: '',
    profile: 'web-semantic',
    type,
    additionalTypes,
    contexts: payload['@context'] ?? [],
    claimMappings: {},
    vcdmVersion: '1.1',
    proofType,
    name,
    ...(description === undefined ? {} : { description }),
    ...(credentialBranding === undefined ? {} : { credentialBranding }),
    issuer: shownIssuer,
    issuerDid,
    persist: request.persist,
    includeId: request.includeId,
    holderBinding: false,
    ...(revocable ? { status: { suspendable: false, revokeOn: [] } } : {}),
    createdAt: new Date(0),
    updatedAt: new Date(0),
  };
}

/** The credential that a request describes, without its proof (VCDM 1.1 4). */
export function documentOf(
  { payload }: WebSemanticSignRequest,
  {
    configuration,
    credentialId,
    issuedAt,
    status,
  }: {
    configuration: WebSemanticConfigurationDocument;
    credentialId: string;
    /** Seconds since the epoch. */
    issuedAt: number;
    status: StatusReference | undefined;
  },
): CredentialDocument {
  const { issuanceDate, expirationDate, credentialSubject, issuer } = payload;
  return {
    '@context': credentialContexts(configuration),
    ...(configuration.includeId ? { id: `urn:uuid:${credentialId}` } : {}),
    type: typesOf(configuration),
    ...shownMembers(configuration),
    issuer,
    issuanceDate: issuanceDate === undefined ? dateTime(issuedAt) : whole(issuanceDate),
    ...(expirationDate === undefined ? {} : { expirationDate: whole(expirationDate) }),
    credentialSubject,
    ...(status === undefined ? {} : { credentialStatus: credentialStatus(status) }),
  };
}

function whole(date: string): string {
  return dateTime(Math.floor(Date.parse(date) / 1000));
}
