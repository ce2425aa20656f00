import { condition, defineUpdate, proxyLocalActivities, setHandler } from '@temporalio/workflow';
import type { FloorActivities } from './activities.js';

export const authenticate = defineUpdate<string, [string]>('authenticate');
export const redeem = defineUpdate<string, [string]>('redeem');
export const request = defineUpdate<string, [string]>('request');

const local = proxyLocalActivities<FloorActivities>({ startToCloseTimeout: '5s', scheduleToCloseTimeout: '6s' });

/**
 * What an issuance costs when nothing but Temporal is left of it: a start with an expiry timer, an update for the login
 * where there is one, an update for the token, an update with one local activity for the credential, and the end.
 */
export async function floor(expiresInMs: number): Promise<string> {
  let issued = false;
  setHandler(authenticate, (login: string) => login);
  setHandler(redeem, (attempt: string) => attempt);
  setHandler(request, async (requestId: string) => {
    await local.issue(requestId);
    issued = true;
    return requestId;
  });
  await condition(() => issued, expiresInMs, { summary: 'offer expires' });
  return 'accepted';
}
