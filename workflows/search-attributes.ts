import { defineSearchAttributeKey } from '@temporalio/common';

/** What operators can search by. Never personal data: Temporal stores these in clear. */
export const ISSUER_ID = defineSearchAttributeKey('IssuerId', 'KEYWORD');
export const OFFER_ID = defineSearchAttributeKey('OfferId', 'KEYWORD');
export const GRANT_TYPE = defineSearchAttributeKey('GrantType', 'KEYWORD');
export const ISSUANCE_PHASE = defineSearchAttributeKey('IssuancePhase', 'KEYWORD');
export const ISSUANCE_OUTCOME = defineSearchAttributeKey('IssuanceOutcome', 'KEYWORD');
export const ISSUANCE_PROBLEM = defineSearchAttributeKey('IssuanceProblem', 'KEYWORD');
export const CORRELATION_ID = defineSearchAttributeKey('CorrelationId', 'KEYWORD');
export const OFFER_EXPIRES_AT = defineSearchAttributeKey('OfferExpiresAt', 'DATETIME');
export const PHASE_SINCE = defineSearchAttributeKey('PhaseSince', 'DATETIME');
export const CREDENTIAL_CONFIG_IDS = defineSearchAttributeKey('CredentialConfigIds', 'KEYWORD_LIST');
export const ISSUED_COUNT = defineSearchAttributeKey('IssuedCount', 'INT');

/** All of them, for registering at a namespace. */
export const SEARCH_ATTRIBUTES = [
  ISSUER_ID,
  OFFER_ID,
  GRANT_TYPE,
  ISSUANCE_PHASE,
  ISSUANCE_OUTCOME,
  ISSUANCE_PROBLEM,
  CORRELATION_ID,
  OFFER_EXPIRES_AT,
  PHASE_SINCE,
  CREDENTIAL_CONFIG_IDS,
  ISSUED_COUNT,
] as const;
