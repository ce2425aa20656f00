import type { Request, Response } from 'express';
import type { ApiContext } from '../../context.js';
import { IssuanceNotFound, type IssuanceAddress, type IssuanceDescription } from '../../issuance-client.js';
import { requireOffer, toView } from './offer-view.js';

/** `GET /v1/openid/offers/pre-authorized/{id}`: where the issuance stands. Neither code nor claims are in it. */
export async function retrieveOffer(context: ApiContext, request: Request, response: Response): Promise<void> {
  const record = await requireOffer(context, request);
  const description = await describeIssuance(context, { issuerId: record.issuerId, sessionId: record._id });
  response.json(toView(context, record, description));
}

/** What Temporal knows of an issuance, or `undefined` where it knows none. */
export async function describeIssuance(
  { issuances }: Pick<ApiContext, 'issuances'>,
  address: IssuanceAddress,
): Promise<IssuanceDescription | undefined> {
  try {
    return await issuances.describe(address);
  } catch (error) {
    if (error instanceof IssuanceNotFound) return undefined;
    throw error;
  }
}
