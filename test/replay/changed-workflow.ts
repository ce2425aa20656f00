import { upsertMemo } from '@temporalio/workflow';
import { issuance as unchangedIssuance } from '../../workflows/issuance.js';
import type { IssuanceInput, IssuanceResult } from '../../workflows/messages.js';
import { maintenance as unchangedMaintenance } from '../../workflows/maintenance.js';
import type { MaintenanceInput } from '../../workflows/maintenance-messages.js';
import { offer as unchangedOffer } from '../../workflows/offer.js';
import type { OfferInput, OfferResult } from '../../workflows/offer-messages.js';
import { statusListPublication as unchangedPublication } from '../../workflows/status-list.js';
import type { StatusListInput } from '../../workflows/status-list-messages.js';

/** The issuance with one more command at its start: what a careless change looks like to running issuances. */
export function issuance(input: IssuanceInput): Promise<IssuanceResult> {
  upsertMemo({ changed: true });
  return unchangedIssuance(input);
}

/** Likewise. */
export function offer(input: OfferInput): Promise<OfferResult> {
  upsertMemo({ changed: true });
  return unchangedOffer(input);
}

/** Likewise. */
export function maintenance(input: MaintenanceInput): Promise<void> {
  upsertMemo({ changed: true });
  return unchangedMaintenance(input);
}

/** Likewise. */
export function statusListPublication(input: StatusListInput): Promise<void> {
  upsertMemo({ changed: true });
  return unchangedPublication(input);
}
