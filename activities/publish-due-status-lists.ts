import { Context } from '@temporalio/activity';
import { dueStatusLists, publishStatusList } from '../store/status-publication.js';
import type { PublishDueStatusListsInput, PublishDueStatusListsResult } from '../workflows/activity-types.js';
import type { ActivityDependencies } from './dependencies.js';
import { statusSigning } from './status-signing.js';

/**
 * Publishes every list that has changed, or whose publication is past half of its life. A list that cannot be signed keeps
 * no other from it. Lists of a root that has ended or was deleted can be signed by nobody, and are left as they are.
 */
export function createPublishDueStatusLists(
  dependencies: ActivityDependencies,
): (input: PublishDueStatusListsInput) => Promise<PublishDueStatusListsResult> {
  const { db, directory, now } = dependencies;
  return async ({ issuerId }) => {
    const context = Context.current();
    const { iacas } = await directory.get(issuerId);
    const signing = new Set(iacas.filter(({ notAfter }) => notAfter > now()).map(({ _id }) => _id));
    const sign = statusSigning(dependencies, issuerId);
    const result = { published: 0, failed: 0 };
    for await (const { _id: listId, iacaId } of dueStatusLists({ db, issuerId, now: now() })) {
      context.cancellationSignal.throwIfAborted();
      if (iacaId !== undefined && !signing.has(iacaId)) continue;
      try {
        await publishStatusList({ db, issuerId, listId, sign });
        result.published += 1;
      } catch {
        result.failed += 1;
      }
      context.heartbeat(result);
    }
    return result;
  };
}
