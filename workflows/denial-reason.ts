import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { DENIALS } from './activity-types.js';

/** Why the holder cannot have the credential; `undefined` where the fault is ours. */
export function denialReason(error: unknown): string | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure)) return undefined;
  if (cause.type === 'credential_request_denied') return cause.message;
  if (!DENIALS.some((type) => type === cause.type)) return undefined;
  return cause.type === 'ClaimsMissing' ? 'a required claim has no value' : 'the claims do not allow this credential';
}
