import { ownTypeOf } from '../../../credentials/cwt/semantic.js';
import type { CompactConfigurationDocument } from '../../../store/configuration-documents.js';
import { compactFaults } from './compact-faults.js';
import { compactSemanticRequestSchema, compactSemanticSchema, type CompactSemanticRequest } from './compact-semantic.schema.js';
import { COMPACT_TYPES } from './compact.js';
import type { ConfigurationKind } from './configuration-kind.js';
import { statusMembers, statusOf } from './status-members.js';

/** `/v2/credentials/compact-semantic/configurations` (product.md 6.3): its `type` is shown as it was given, text or list. */
export const compactSemanticConfigurations: ConfigurationKind<CompactConfigurationDocument, CompactSemanticRequest> = {
  profile: 'compact-semantic',
  typeNamespace: COMPACT_TYPES,
  category: 'CREDENTIAL_COMPACT_SEMANTIC',
  stem: 'CREDENTIAL_COMPACT_SEMANTIC_CREDENTIAL_CONFIGURATION',
  tag: 'Compact credential configurations',
  requestSchema: compactSemanticRequestSchema,
  schema: compactSemanticSchema,
  toDocument: ({ type, revocable, statusPolicy, ...members }, record) => ({
    ...record,
    profile: 'compact-semantic',
    ...typeMembers(type),
    ...members,
    ...statusOf({ hasStatus: revocable, statusPolicy }),
  }),
  toView: ({ status, type, types, ...members }) => ({ type: types ?? type, ...members, ...statusMembers('revocable', status) }),
  faults: compactFaults,
};

function typeMembers(type: CompactSemanticRequest['type']): Pick<CompactConfigurationDocument, 'type' | 'types'> {
  if (typeof type === 'string') return { type };
  // The schema takes no list without one.
  return { type: ownTypeOf(type) ?? '', types: type };
}
