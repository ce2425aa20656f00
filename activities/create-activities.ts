import type { IssuanceActivities } from '../workflows/activity-types.js';
import { createCloseIssuance } from './close-issuance.js';
import { createCollectClaims } from './collect-claims.js';
import type { ActivityDependencies } from './dependencies.js';
import { createIssueCredential } from './issue-credential.js';

/** The side effects of an issuance, bound to what they work with. */
export function createActivities(dependencies: ActivityDependencies): IssuanceActivities {
  return {
    collectClaims: createCollectClaims(dependencies),
    issueCredential: createIssueCredential(dependencies),
    closeIssuance: createCloseIssuance(dependencies),
  };
}
