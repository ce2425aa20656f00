import type { MobileConfigurationDocument } from '../../../store/configuration-documents.js';
import type { ConfigurationKind } from './configuration-kind.js';
import { issuerFaults } from './mobile-faults.js';
import { mobileRequestSchema, mobileSchema, type MobileRequest } from './mobile.schema.js';
import { statusMembers, statusOf } from './status-members.js';

/** `/v2/credentials/mobile/configurations`: mdocs, always bound to a holder key. */
export const mobileConfigurations: ConfigurationKind<MobileConfigurationDocument, MobileRequest> = {
  profile: 'mobile',
  typeNamespace: 'mobile',
  category: 'MOBILE_CREDENTIAL',
  stem: 'MOBILE_CREDENTIAL_CONFIGURATION',
  tag: 'Mobile credential configurations',
  requestSchema: mobileRequestSchema,
  schema: mobileSchema,
  toDocument: ({ includeStatus, statusPolicy, ...members }, record) => ({
    ...record,
    profile: 'mobile',
    ...members,
    holderBinding: true,
    ...statusOf({ hasStatus: includeStatus, statusPolicy }),
  }),
  toView: ({ status, holderBinding: _always, ...members }) => ({ ...members, ...statusMembers('includeStatus', status) }),
  faults: (_document, { context, snapshot }) => Promise.resolve(issuerFaults(snapshot, { now: context.now() })),
};
