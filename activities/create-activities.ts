import type { IssuanceActivities, OfferActivities } from '../workflows/activity-types.js';
import { createCloseIssuance } from './close-issuance.js';
import { createCollectClaims } from './collect-claims.js';
import type { ActivityDependencies } from './dependencies.js';
import { createEndOfferSessions } from './end-offer-sessions.js';
import { createIssueCredential } from './issue-credential.js';
import { createSetOfferState } from './set-offer-state.js';

/** The side effects of issuances and of reusable offers, bound to what they work with. */
export function createActivities(dependencies: ActivityDependencies): IssuanceActivities & OfferActivities {
  return {
    collectClaims: createCollectClaims(dependencies),
    issueCredential: createIssueCredential(dependencies),
    closeIssuance: createCloseIssuance(dependencies),
    setOfferState: createSetOfferState(dependencies),
    endOfferSessions: createEndOfferSessions(dependencies),
  };
}
