import type { OfferInput } from '../workflows/offer-messages.js';

/** Addresses one reusable offer. */
export interface OfferAddress {
  readonly issuerId: string;
  readonly offerId: string;
}

/**
 * Talks to the workflows of reusable offers. Calls fail as those of `IssuanceClient` do: `IssuanceRefusal` (of type
 * `offer_over`) where the offer is over, `IssuanceNotFound` where no workflow of it runs, `UnavailableError` where none
 * answered in time.
 */
export interface OfferClient {
  /** Starts the offer's workflow; resolves also when it runs, or has run to its end. `summary` is shown to operators. */
  start(input: OfferInput, summary: string): Promise<void>;
  /** Resolves when the record says so; while no worker runs nothing comes of it. */
  pause(address: OfferAddress): Promise<void>;
  resume(address: OfferAddress): Promise<void>;
  /** Resolves when the record says so, or while no worker runs, when it is certain to. */
  revoke(address: OfferAddress): Promise<void>;
}

/** `offer:<issuerId>:<offerId>`. */
export function offerWorkflowIdOf({ issuerId, offerId }: OfferAddress): string {
  return `offer:${issuerId}:${offerId}`;
}
