import { defineSignal, defineUpdate } from '@temporalio/workflow';

/** Name of the workflow type, for starting it by name. */
export const OFFER_WORKFLOW = 'offer';

/** What the workflow of a reusable offer starts with. Never a code, key or personal datum. */
export interface OfferInput {
  readonly issuerId: string;
  /** 128-bit random id. */
  readonly offerId: string;
  /** How the offer stands at the start: one whose workflow was lost may have been paused. */
  readonly state: 'active' | 'paused';
  readonly configurationIds: readonly string[];
  /** Milliseconds since the epoch; absent for an offer without an end. */
  readonly expiresAt?: number;
  readonly correlationId: string;
}

/** How an offer ended. */
export type OfferOutcome = 'revoked' | 'expired';

export interface OfferResult {
  readonly state: OfferOutcome;
}

/** Type of the `ApplicationFailure` by which the workflow refuses a message: the offer is revoked or expired. */
export const OFFER_OVER = 'offer_over';

/** Each is answered when the new state is in the database. */
export const pauseOffer = defineUpdate('pauseOffer');
export const resumeOffer = defineUpdate('resumeOffer');
export const revokeOffer = defineUpdate('revokeOffer');
/** The same as `revokeOffer`, durable while no worker runs: done when one comes back. */
export const revokeOfferSignal = defineSignal('revokeOfferSignal');
