import { publishStatusList } from '../store/status-publication.js';
import type { PublishStatusListInput } from '../workflows/activity-types.js';
import type { ActivityDependencies } from './dependencies.js';
import { statusSigning } from './status-signing.js';

/** Builds, signs and stores a list as its entries are: what was published before and is older gives way. */
export function createPublishStatusList(dependencies: ActivityDependencies): (input: PublishStatusListInput) => Promise<void> {
  const { db, reach } = dependencies;
  return async ({ issuerId, listId }) => {
    await reach('publish-status-list.start');
    await publishStatusList({ db, issuerId, listId, sign: statusSigning(dependencies, issuerId) });
    await reach('publish-status-list.stored');
  };
}
