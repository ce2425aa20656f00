import type {
  IssuanceActivities,
  MaintenanceActivities,
  OfferActivities,
  StatusActivities,
} from '../workflows/activity-types.js';
import { createCloseIssuance } from './close-issuance.js';
import { createCollectClaims } from './collect-claims.js';
import type { ActivityDependencies } from './dependencies.js';
import { createEndOfferSessions } from './end-offer-sessions.js';
import { createIssueCredential } from './issue-credential.js';
import { createPublishDueStatusLists } from './publish-due-status-lists.js';
import { createPublishStatusList } from './publish-status-list.js';
import { createRotateCertificateSigners } from './rotate-certificate-signers.js';
import { createSetOfferState } from './set-offer-state.js';
import { createSignCrls } from './sign-crls.js';

/** The side effects of all workflows, bound to what they work with. */
export function createActivities(
  dependencies: ActivityDependencies,
): IssuanceActivities & OfferActivities & StatusActivities & MaintenanceActivities {
  return {
    collectClaims: createCollectClaims(dependencies),
    issueCredential: createIssueCredential(dependencies),
    closeIssuance: createCloseIssuance(dependencies),
    setOfferState: createSetOfferState(dependencies),
    endOfferSessions: createEndOfferSessions(dependencies),
    rotateCertificateSigners: createRotateCertificateSigners(dependencies),
    signCrls: createSignCrls(dependencies),
    publishStatusList: createPublishStatusList(dependencies),
    publishDueStatusLists: createPublishDueStatusLists(dependencies),
  };
}
