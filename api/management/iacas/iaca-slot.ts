import { releaseSlot, type Slot } from '../../../store/certificate-slots.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { findIaca } from './iaca-record.js';

/** Most IACAs that an issuer has (product.md 11.1). */
export const MOST_IACAS = 3;

/** The place of an IACA among those that an issuer may have. */
export function iacaSlot(context: ApiContext, ownerId: string): Slot {
  const exists = async (id: string) => (await findIaca(context, id)) !== null;
  const { db, now } = context;
  return { db, issuerId: DEFAULT_ISSUER_ID, kind: 'iaca', most: MOST_IACAS, ownerId, now: now(), exists };
}

/** Gives back the place of an IACA that is deleted. */
export function releaseIacaSlot(context: ApiContext, iacaId: string): Promise<void> {
  return releaseSlot(iacaSlot(context, iacaId));
}
