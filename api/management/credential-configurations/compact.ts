import type { CompactConfigurationDocument } from '../../../store/configuration-documents.js';
import { compactFaults } from './compact-faults.js';
import { compactRequestSchema, compactSchema, type CompactRequest } from './compact.schema.js';
import type { ConfigurationKind } from './configuration-kind.js';
import { statusMembers, statusOf } from './status-members.js';

/** Both kinds share it (product.md 6). */
export const COMPACT_TYPES = 'compact';

/** `/v2/credentials/compact/configurations` (product.md 6.3) */
export const compactConfigurations: ConfigurationKind<CompactConfigurationDocument, CompactRequest> = {
  profile: 'compact',
  typeNamespace: COMPACT_TYPES,
  category: 'CREDENTIAL_COMPACT',
  stem: 'CREDENTIAL_COMPACT_CREDENTIAL_CONFIGURATION',
  tag: 'Compact credential configurations',
  requestSchema: compactRequestSchema,
  schema: compactSchema,
  toDocument: ({ revocable, statusPolicy, ...members }, record) => ({
    ...record,
    profile: 'compact',
    ...members,
    ...statusOf({ hasStatus: revocable, statusPolicy }),
  }),
  toView: ({ status, ...members }) => ({ ...members, ...statusMembers('revocable', status) }),
  faults: compactFaults,
};
