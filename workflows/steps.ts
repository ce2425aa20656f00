import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import {
  CancellationScope,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import {
  DENIALS,
  type CloseIssuanceInput,
  type CollectClaimsInput,
  type IssuanceActivities,
  type IssueCredentialInput,
  signerTaskQueue,
} from './activity-types.js';
import type { IssuanceProblem } from './phases.js';

interface StepOptions {
  /** Seconds until the step is given up. */
  readonly windowSeconds: number;
  /** Seconds after which it counts as stuck. */
  readonly stuckAfterSeconds: number;
  /** Called with the problem when stuck, and with nothing when it goes on. */
  readonly onProblem: (problem: IssuanceProblem | undefined) => void;
}

const nonRetryableErrorTypes = [...DENIALS];

/**
 * Two quick attempts, in all shorter than a workflow task may last (api/temporal-issuance-client.ts): a local activity that
 * outlived its task would, on replay, end before the timers and messages that came while it ran.
 */
const local = proxyLocalActivities<IssuanceActivities>({
  startToCloseTimeout: '1500ms',
  scheduleToCloseTimeout: '4s',
  // The attempts are counted as well: a schedule-to-close timeout that comes between two attempts is lost on the SDK.
  retry: { initialInterval: '100ms', maximumAttempts: 2, nonRetryableErrorTypes },
});

/** Asks the claims source, retrying with backoff where operators see it. */
export async function collectClaimsStep(input: CollectClaimsInput, options: StepOptions): Promise<void> {
  const activities = proxyActivities<IssuanceActivities>({
    startToCloseTimeout: '10s',
    scheduleToCloseTimeout: `${options.windowSeconds}s`,
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s', nonRetryableErrorTypes },
    summary: 'ask the claims source',
  });
  await watched('stuck:claims', options, () => activities.collectClaims(input));
}

/**
 * Builds, signs and stores: in one workflow task as long as all is well, else as an activity whose retries operators see.
 * With a key in a key store it is such an activity at once, on the queue of those who call key stores.
 */
export async function issueCredentialStep(
  input: IssueCredentialInput,
  { remote, ...options }: StepOptions & { readonly remote: boolean },
): Promise<void> {
  const attempts = persistent(`${options.windowSeconds}s`, 'build, sign and store the credential', remote);
  if (remote) return watched('stuck:signer', options, () => attempts.issueCredential(input));
  await localFirst(
    () => local.issueCredential(input),
    () => watched('stuck:signer', options, () => attempts.issueCredential(input)),
  );
}

/** Erases and notes the outcome; never given up. */
export async function closeSteps(input: CloseIssuanceInput): Promise<void> {
  await localFirst(
    () => local.closeIssuance(input),
    () => persistent(undefined, 'erase claims and credentials').closeIssuance(input),
  );
}

function persistent(
  scheduleToCloseTimeout: `${number}s` | undefined,
  summary: string,
  callsKeyStore = false,
): IssuanceActivities {
  return proxyActivities<IssuanceActivities>({
    ...(callsKeyStore ? { taskQueue: signerTaskQueue(workflowInfo().taskQueue) } : {}),
    startToCloseTimeout: '10s',
    ...(scheduleToCloseTimeout === undefined ? {} : { scheduleToCloseTimeout }),
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s', nonRetryableErrorTypes },
    summary,
  });
}

async function localFirst(first: () => Promise<void>, then: () => Promise<void>): Promise<void> {
  try {
    await first();
  } catch (error) {
    if (isCancellation(error) || isFinal(error)) throw error;
    await then();
  }
}

function isFinal(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && (cause.nonRetryable === true || DENIALS.some((type) => type === cause.type));
}

/** Runs a step beside a timer that reports it as stuck. A timer ended within the same workflow task costs nothing. */
async function watched(problem: IssuanceProblem, options: StepOptions, step: () => Promise<void>): Promise<void> {
  const watch = { scope: new CancellationScope(), reported: false };
  const report = () => {
    watch.reported = true;
    options.onProblem(problem);
  };
  void watch.scope
    .run(() => sleep(options.stuckAfterSeconds * 1000, { summary: `watch for ${problem}` }).then(report))
    .catch(() => undefined);
  try {
    await step();
  } finally {
    watch.scope.cancel();
    if (watch.reported) options.onProblem(undefined);
  }
}
