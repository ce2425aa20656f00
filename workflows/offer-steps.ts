import { proxyActivities } from '@temporalio/workflow';
import type { EndOfferSessionsInput, OfferActivities, SetOfferStateInput } from './activity-types.js';

/** Changes of an offer are few: regular activities, whose retries operators see, and never given up. */
const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' } as const;

const stating = proxyActivities<OfferActivities>({
  startToCloseTimeout: '10s',
  retry,
  summary: 'note the state of the offer',
});

const ending = proxyActivities<OfferActivities>({
  // Each attempt goes on where the last heartbeat of the one before was.
  startToCloseTimeout: '10m',
  heartbeatTimeout: '30s',
  retry,
  summary: 'withdraw the open sessions of the offer',
});

/** Resolves when the state is in the database. */
export async function setOfferStateStep(input: SetOfferStateInput): Promise<void> {
  await stating.setOfferState(input);
}

/** Resolves when every open session of the offer has been told that it is withdrawn. */
export async function endOfferSessionsStep(input: EndOfferSessionsInput): Promise<void> {
  await ending.endOfferSessions(input);
}
