import { ApplicationFailure } from '@temporalio/common';
import { formatOf } from '../credentials/formats.js';
import type { IssueCredentialInput } from '../workflows/activity-types.js';
import { claimsFor } from './credential-claims.js';
import type { ActivityDependencies } from './dependencies.js';
import { enterInLedger, isInLedger } from './ledger-entry.js';
import { readConfiguration, readSession } from './session-claims.js';
import { signCredentials } from './sign-credentials.js';
import { takeStatuses } from './take-statuses.js';

/**
 * Makes the credentials of one request and enters them in the ledger, sealed. A run that finds the entry made does
 * nothing; of two runs at once the first to insert wins, and only its credentials can ever be delivered.
 */
export function createIssueCredential(dependencies: ActivityDependencies): (input: IssueCredentialInput) => Promise<void> {
  return async (input) => {
    try {
      await issue(dependencies, input);
    } catch (error) {
      // What denies it came after the entry was made: a configuration deleted between a crash and this run, say.
      if (!isDenial(error) || !(await isInLedger(dependencies, input))) throw error;
    }
  };
}

async function issue(dependencies: ActivityDependencies, input: IssueCredentialInput): Promise<void> {
  await dependencies.reach('issue-credential.start');
  const session = await readSession(dependencies, input);
  const configuration = await readConfiguration(dependencies, input);
  const found = await claimsFor(dependencies, session, configuration);
  const statuses = await takeStatuses(dependencies, input, configuration);
  await dependencies.reach('issue-credential.status-taken');
  const made = await signCredentials(dependencies, input, { configuration, statuses, ...found });
  await dependencies.reach('issue-credential.signed');
  await enterInLedger(dependencies, input, { session, configuration, statuses, made, origins: found.origins });
  await dependencies.reach('issue-credential.stored');
  dependencies.meter.issued(formatOf(configuration).formatOf(configuration), made.length);
}

function isDenial(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.nonRetryable === true;
}
