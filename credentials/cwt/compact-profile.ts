import type { CompactConfigurationDocument } from '../../store/configuration-documents.js';

export type CompactProfile = CompactConfigurationDocument['profile'];

/** What encoded credentials of a profile begin with. */
export const COMPACT_PREFIXES: Readonly<Record<CompactProfile, string>> = {
  compact: 'CSC:/1/',
  'compact-semantic': 'CSS:/1/',
};

/** Their OID4VCI format identifiers, as MATTR has them. */
export const COMPACT_FORMATS: Readonly<Record<CompactProfile, string>> = { compact: 'cwt', 'compact-semantic': 'cwt_vc' };

/** The most bytes that a credential has: some thirty times what a QR code holds. */
export const LARGEST_COMPACT_BYTES = 65_536;
