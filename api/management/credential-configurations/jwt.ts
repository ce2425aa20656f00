import type { JwtVcConfigurationDocument } from '../../../store/configuration-documents.js';
import type { ConfigurationKind } from './configuration-kind.js';
import { jwtRequestSchema, jwtSchema, type JwtRequest } from './jwt.schema.js';
import { statusMembers, statusOf } from './status-members.js';
import { w3cFaults } from './w3c-faults.js';

/** `/v2/credentials/jwt/configurations`: W3C credentials as JWTs, which MATTR lacks. */
export const jwtConfigurations: ConfigurationKind<JwtVcConfigurationDocument, JwtRequest> = {
  profile: 'jwt',
  typeNamespace: 'jwt',
  category: 'CREDENTIAL_JWT',
  stem: 'CREDENTIAL_JWT_CREDENTIAL_CONFIGURATION',
  tag: 'JWT VC credential configurations',
  requestSchema: jwtRequestSchema,
  schema: jwtSchema,
  toDocument: ({ includeStatus, statusPolicy, ...members }, record) => ({
    ...record,
    profile: 'jwt',
    ...members,
    ...statusOf({ hasStatus: includeStatus, statusPolicy }),
  }),
  toView: ({ status, ...members }) => ({ ...members, ...statusMembers('includeStatus', status) }),
  faults: (document, about) => Promise.resolve(w3cFaults(document, { ...about, algorithm: 'ES256' })),
};
