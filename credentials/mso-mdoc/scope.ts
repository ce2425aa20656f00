import type { MobileConfigurationDocument } from '../../store/configuration-documents.js';
import { scopeToken } from '../scope-token.js';

/** The scope by which the configuration is asked for: one docType each (HAP-09). */
export function scopeOf({ type }: Pick<MobileConfigurationDocument, 'type'>): string {
  return scopeToken('mso_mdoc', type);
}
