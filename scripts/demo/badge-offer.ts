import { BADGE_CLAIMS, BADGE_CONFIGURATION } from './badge.js';
import type { ManagementSession } from './management-session.js';

const CONFIGURATIONS = '/v2/credentials/sd-jwt/configurations';

/** An offer as the management API answers it. */
export interface CreatedOffer {
  readonly id: string;
  readonly uri: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly transactionCode?: string;
}

/** Id of the demo's credential configuration, if it was made. */
export async function findBadge(session: ManagementSession): Promise<string | undefined> {
  const { data } = (await session.get(`${CONFIGURATIONS}?type=${encodeURIComponent(BADGE_CONFIGURATION.type)}`)) as {
    data: { id: string }[];
  };
  return data[0]?.id;
}

/** Whether the issuer has credential configurations of its own. */
export async function hasConfigurations(session: ManagementSession): Promise<boolean> {
  const { data } = (await session.get(`${CONFIGURATIONS}?limit=1`)) as { data: unknown[] };
  return data.length > 0;
}

/** Makes the demo's credential configuration and gives its id. */
export async function createBadge(session: ManagementSession): Promise<string> {
  const { id } = (await session.post(CONFIGURATIONS, BADGE_CONFIGURATION)) as { id: string };
  return id;
}

/** Makes an offer of the badge for an invented person; by reference, so that its QR code is small. */
export async function offerBadge(session: ManagementSession, configurationId: string): Promise<CreatedOffer> {
  return (await session.post('/v1/openid/offers/pre-authorized', {
    credentials: [configurationId],
    claims: BADGE_CLAIMS,
    credentialOfferMode: 'reference',
  })) as CreatedOffer;
}
