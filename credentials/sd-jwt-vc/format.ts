import type { CredentialFormat } from '../credential-format.js';
import { issueSdJwtVc } from './issue.js';
import { metadataEntry } from './metadata-entry.js';

/** IETF SD-JWT VC (OID4VCI A.3). */
export const sdJwtVc: CredentialFormat = { format: 'dc+sd-jwt', metadataEntry, issue: issueSdJwtVc };
