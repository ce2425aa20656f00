import type { SdJwtConfigurationDocument } from '../../store/configuration-documents.js';
import { scopeToken } from '../scope-token.js';

/** The scope by which the configuration is asked for: one type each (HAP-09). */
export function scopeOf({ type, legacyFormat }: Pick<SdJwtConfigurationDocument, 'type' | 'legacyFormat'>): string {
  return scopeToken(legacyFormat === true ? 'vc+sd-jwt' : 'dc+sd-jwt', type);
}
