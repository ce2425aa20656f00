import type { EmployeeId } from './employee-id-settings.js';
import type { ManagementSession } from './management-session.js';

const OFFERS = '/v1/openid/offers';

/** A reusable offer as the management API answers it. */
export interface CreatedReusableOffer {
  readonly uri: string;
  /** Shows the offer to people. */
  readonly pageUrl: string;
}

/** Makes an offer for any number of holders, until it is revoked; once, however often it is called. */
export function offerEmployeeId(session: ManagementSession, employeeId: EmployeeId): Promise<CreatedReusableOffer> {
  const key = `demo/${employeeId.configurationId}/${employeeId.providerId}`;
  return create(session, offerOf(employeeId), { 'idempotency-key': key });
}

/** Makes an offer for one holder within the hour. */
export function offerEmployeeIdOnce(session: ManagementSession, employeeId: EmployeeId): Promise<CreatedReusableOffer> {
  return create(session, { ...offerOf(employeeId), maximumClaims: 1, expiresIn: { hours: 1 } });
}

function offerOf({ configurationId, providerId }: EmployeeId): Readonly<Record<string, unknown>> {
  return { credentials: [configurationId], authenticationProviderId: providerId, credentialOfferMode: 'reference' };
}

async function create(
  session: ManagementSession,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<CreatedReusableOffer> {
  return (await session.post(OFFERS, body, headers)) as CreatedReusableOffer;
}
