import type { CredentialProfile } from '../../../store/configuration-documents.js';

/** A profile and the names of its events. */
export interface StatusProfile {
  readonly profile: CredentialProfile;
  readonly category: string;
  readonly stem: string;
  readonly tag: string;
}

/** Whose credentials have a `status`: valid, invalid for good, or suspended. */
export const STATUS_PROFILES: readonly StatusProfile[] = [
  { profile: 'mobile', category: 'MOBILE_CREDENTIAL', stem: 'MOBILE_CREDENTIAL_STATUS', tag: 'Mobile credential statuses' },
  { profile: 'sd-jwt', category: 'CREDENTIAL_SD_JWT', stem: 'CREDENTIAL_SD_JWT_STATUS', tag: 'SD-JWT credential statuses' },
  { profile: 'jwt', category: 'CREDENTIAL_JWT', stem: 'CREDENTIAL_JWT_STATUS', tag: 'JWT credential statuses' },
];

/** Whose credentials are revoked or not, and may be so in turn. */
export const REVOCATION_PROFILES = [
  { profile: 'compact', category: 'CREDENTIAL_COMPACT', tag: 'Compact credentials' },
  { profile: 'compact-semantic', category: 'CREDENTIAL_COMPACT_SEMANTIC', tag: 'Compact credentials' },
  { profile: 'web-semantic', category: 'CREDENTIAL_WEB_SEMANTIC', tag: 'JSON-LD credentials' },
] as const;
