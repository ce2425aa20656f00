import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { OfferActivities } from '../../workflows/activity-types.js';
import type { offer } from '../../workflows/offer.js';
import * as messages from '../../workflows/offer-messages.js';
import { failing } from './scenarios.js';

/** A way a reusable offer can go. */
export interface OfferScenario {
  readonly name: string;
  /** Seconds the offer lives; without it, it has no end. */
  readonly expiresInSeconds?: number;
  readonly activities?: Partial<OfferActivities>;
  readonly drive: (handle: WorkflowHandle<typeof offer>) => Promise<unknown>;
}

export function offerScenarioInput({ expiresInSeconds }: OfferScenario): messages.OfferInput {
  return {
    issuerId: 'default',
    offerId: randomBytes(16).toString('base64url'),
    state: 'active',
    configurationIds: ['5f0c1c4e-0000-4000-8000-000000000001'],
    ...(expiresInSeconds === undefined ? {} : { expiresAt: Date.now() + expiresInSeconds * 1000 }),
    correlationId: 'correlation',
  };
}

export const offerScenarios: readonly OfferScenario[] = [
  { name: 'offer-expired', expiresInSeconds: 1, drive: () => Promise.resolve() },
  {
    name: 'offer-paused-and-resumed-then-expired',
    expiresInSeconds: 2,
    drive: async (handle) => {
      await handle.executeUpdate(messages.pauseOffer);
      await handle.executeUpdate(messages.resumeOffer);
    },
  },
  { name: 'offer-revoked', drive: (handle) => handle.executeUpdate(messages.revokeOffer) },
  {
    name: 'offer-revoked-while-no-worker-ran',
    expiresInSeconds: 60,
    drive: (handle) => handle.signal(messages.revokeOfferSignal),
  },
  {
    name: 'offer-revoked-while-the-store-was-away',
    activities: { setOfferState: failing(2, 'MongoNetworkError'), endOfferSessions: failing(1, 'MongoNetworkError') },
    drive: (handle) => handle.executeUpdate(messages.revokeOffer),
  },
  {
    name: 'offer-cancelled-in-ui',
    drive: async (handle) => {
      await handle.cancel();
    },
  },
];
