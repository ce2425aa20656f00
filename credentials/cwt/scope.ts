import type { CompactConfigurationDocument } from '../../store/configuration-documents.js';
import { scopeToken } from '../scope-token.js';
import { COMPACT_FORMATS } from './compact-profile.js';

/** The scope by which the configuration is asked for: `cwt:<type>` or `cwt_vc:<type>` (product.md 1.1). */
export function scopeOf({ profile, type }: Pick<CompactConfigurationDocument, 'profile' | 'type'>): string {
  return scopeToken(COMPACT_FORMATS[profile], type);
}
