import { CancellationScope, proxyActivities, setCurrentDetails, sleep, upsertSearchAttributes } from '@temporalio/workflow';
import type { PublishStatusListInput, StatusActivities } from './activity-types.js';
import { ISSUANCE_PROBLEM } from './search-attributes.js';

/** A publication takes a fraction of a second: after this long something is wrong. */
const STUCK_AFTER_SECONDS = 10;

/** Never given up: what verifiers see is out of date until it is done. */
const { publishStatusList } = proxyActivities<StatusActivities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
  summary: 'build, sign and publish the status list',
});

/** Resolves when the list is published as its entries were when this began, or are by now. */
export async function publishStatusListStep(input: PublishStatusListInput): Promise<void> {
  const watch = { scope: new CancellationScope(), reported: false };
  void watch.scope
    .run(() =>
      sleep(STUCK_AFTER_SECONDS * 1000, { summary: 'watch for stuck:signer' }).then(() => {
        watch.reported = true;
        tellStuck(true);
      }),
    )
    .catch(() => undefined);
  try {
    await publishStatusList(input);
  } finally {
    watch.scope.cancel();
    if (watch.reported) tellStuck(false);
  }
}

function tellStuck(isStuck: boolean): void {
  upsertSearchAttributes([{ key: ISSUANCE_PROBLEM, value: isStuck ? 'stuck:signer' : null }]);
  setCurrentDetails(
    isStuck
      ? '**stuck:signer**\n\nThe list cannot be signed or stored: verifiers see it as it was. It is tried again and again.'
      : 'Published.',
  );
}
