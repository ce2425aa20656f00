import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { CancellationScope, isCancellation, proxyActivities, proxyLocalActivities, sleep } from '@temporalio/workflow';
import {
  DENIALS,
  type CloseIssuanceInput,
  type CollectClaimsInput,
  type IssuanceActivities,
  type IssueCredentialInput,
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

const local = proxyLocalActivities<IssuanceActivities>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '6s',
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '2s', nonRetryableErrorTypes },
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

/** Builds, signs and stores: in one workflow task as long as all is well, else as an activity whose retries operators see. */
export async function issueCredentialStep(input: IssueCredentialInput, options: StepOptions): Promise<void> {
  await watched('stuck:signer', options, (report) =>
    localFirst(
      () => local.issueCredential(input),
      () => persistent(`${options.windowSeconds}s`, 'build, sign and store the credential').issueCredential(input),
      report,
    ),
  );
}

/** Erases and notes the outcome; never given up. */
export async function closeSteps(input: CloseIssuanceInput): Promise<void> {
  await localFirst(
    () => local.closeIssuance(input),
    () => persistent(undefined, 'erase claims and credentials').closeIssuance(input),
  );
}

function persistent(scheduleToCloseTimeout: `${number}s` | undefined, summary: string): IssuanceActivities {
  return proxyActivities<IssuanceActivities>({
    startToCloseTimeout: '10s',
    ...(scheduleToCloseTimeout === undefined ? {} : { scheduleToCloseTimeout }),
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s', nonRetryableErrorTypes },
    summary,
  });
}

async function localFirst(first: () => Promise<void>, then: () => Promise<void>, onFallback?: () => void): Promise<void> {
  try {
    await first();
  } catch (error) {
    if (isCancellation(error) || isFinal(error)) throw error;
    onFallback?.();
    await then();
  }
}

function isFinal(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && (cause.nonRetryable === true || DENIALS.some((type) => type === cause.type));
}

/** Runs a step beside a timer that reports it as stuck. A timer ended within the same workflow task costs nothing. */
async function watched(
  problem: IssuanceProblem,
  options: StepOptions,
  step: (report: () => void) => Promise<void>,
): Promise<void> {
  const watch = { scope: new CancellationScope(), reported: false };
  const report = () => {
    watch.reported = true;
    options.onProblem(problem);
  };
  void watch.scope
    .run(() => sleep(options.stuckAfterSeconds * 1000, { summary: `watch for ${problem}` }).then(report))
    .catch(() => undefined);
  try {
    await step(report);
  } finally {
    watch.scope.cancel();
    if (watch.reported) options.onProblem(undefined);
  }
}
