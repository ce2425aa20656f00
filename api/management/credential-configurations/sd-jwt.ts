import { typeMetadataIntegrity } from '../../../credentials/sd-jwt-vc/type-metadata.js';
import { vctOf } from '../../../credentials/sd-jwt-vc/vct.js';
import type { SdJwtConfigurationDocument } from '../../../store/configuration-documents.js';
import type { IssuerSnapshot } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import type { ErrorDetail } from '../../http/errors.js';
import type { ConfigurationKind } from './configuration-kind.js';
import { sdJwtRequestSchema, sdJwtSchema, type SdJwtRequest } from './sd-jwt.schema.js';
import { statusMembers, statusOf } from './status-members.js';

/** The type metadata must be ours to serve, and stay as credentials in the field know it (SDV-10). */
function integrityFaults(
  document: SdJwtConfigurationDocument,
  { context, snapshot }: { context: ApiContext; snapshot: IssuerSnapshot },
): ErrorDetail[] {
  const issuerIdentifier = context.config.PUBLIC_URL;
  const hashOf = (configuration: SdJwtConfigurationDocument) => typeMetadataIntegrity({ configuration, issuerIdentifier });
  const current = snapshot.configurations.get(document._id);
  const isHeld = current?.profile === 'sd-jwt' && current.vctIntegrity === true;
  const isOurs = vctOf({ configuration: document, issuerIdentifier }).startsWith(`${issuerIdentifier}/`);
  return [
    ...(document.vctIntegrity === true && !isOurs
      ? [fault('vctIntegrity', 'is only for a type whose metadata is served here: its vct has to be below the issuer')]
      : []),
    ...(isHeld && hashOf(current) !== hashOf(document)
      ? [fault('type', 'would change the type metadata, whose hash credentials carry: make a new configuration')]
      : []),
  ];
}

function fault(param: string, msg: string): ErrorDetail {
  return { msg, param, location: 'body' };
}

/** `/v2/credentials/sd-jwt/configurations`: SD-JWT VC, which MATTR lacks. */
export const sdJwtConfigurations: ConfigurationKind<SdJwtConfigurationDocument, SdJwtRequest> = {
  profile: 'sd-jwt',
  typeNamespace: 'sd-jwt',
  category: 'CREDENTIAL_SD_JWT',
  stem: 'CREDENTIAL_SD_JWT_CREDENTIAL_CONFIGURATION',
  tag: 'SD-JWT credential configurations',
  requestSchema: sdJwtRequestSchema,
  schema: sdJwtSchema,
  toDocument: ({ includeStatus, statusPolicy, ...members }, record) => ({
    ...record,
    profile: 'sd-jwt',
    ...members,
    ...statusOf({ hasStatus: includeStatus, statusPolicy }),
  }),
  faults: (document, { context, snapshot }) => Promise.resolve(integrityFaults(document, { context, snapshot })),
  toView: ({ status, ...members }) => ({ ...members, ...statusMembers('includeStatus', status) }),
};
