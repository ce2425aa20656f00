import type { Request, Response } from 'express';
import type { z } from 'zod';
import { isDuplicateKey } from '../../../store/database.js';
import type { OfferDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { offerPageUrl } from '../../wallet/wallet-issuer.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { requestIdOf } from '../../http/request-context.js';
import { reusableOfferReference, reusableOfferUri } from '../../wallet/reusable-offer.js';
import {
  currentKey,
  findRepeated,
  newOfferId,
  readIdempotencyKey,
  requestFingerprint,
  type IdempotencyKey,
} from '../offers/offer-idempotency.js';
import { DEFAULT_OFFER_ENDPOINT } from '../offers/offer.schema.js';
import { drawQrCode, requireFittingQrCode } from '../../http/qr-code.js';
import { resolveReferences } from '../offers/resolve-references.js';
import { readBody, type Exact } from '../validation.js';
import { startOffer } from './offer-workflow.js';
import {
  LONGEST_LIFE_SECONDS,
  reusableOfferRequestSchema,
  type createdReusableOfferSchema,
  type ReusableOfferRequest,
} from './reusable-offer.schema.js';

interface OfferCreation {
  readonly body: ReusableOfferRequest;
  readonly key?: IdempotencyKey;
  readonly correlationId: string;
}

/**
 * `POST /v1/openid/offers`: makes an offer for any number of holders and starts its workflow; answers when both are
 * durable. Where the start fails the record stays: its workflow is started by the next call that concerns the offer.
 */
export async function createReusableOffer(context: ApiContext, request: Request, response: Response): Promise<void> {
  const key = readIdempotencyKey(request, response);
  const body = await readBody(request, reusableOfferRequestSchema, context);
  const creation = { body, correlationId: requestIdOf(response), ...(key === undefined ? {} : { key }) };
  const offer = (await findSame(context, creation)) ?? (await storeOffer(context, creation));
  (response.locals as EventLocals).eventData = { offerId: offer._id, credentialConfigurationIds: offer.configurationIds };
  await context.reach('create-reusable-offer.stored');
  await startOffer(context, offer);
  response.json(await createdOffer(context, { offer, body }));
}

async function storeOffer(context: ApiContext, creation: OfferCreation): Promise<OfferDocument> {
  const { body } = creation;
  const offer = newOffer(context, creation);
  await resolveReferences(context, body);
  if (body.qrCode !== undefined) requireFittingQrCode(uriOf(context, { offer, body }));
  try {
    await context.db.offers.insertOne(offer);
    return offer;
  } catch (error) {
    const winner = isDuplicateKey(error) ? await findSame(context, creation) : undefined;
    if (winner === undefined) throw error;
    return winner;
  }
}

/** @throws {ManagementError} 409 */
async function findSame(context: ApiContext, { body, key }: OfferCreation): Promise<OfferDocument | undefined> {
  return key === undefined ? undefined : findRepeated(context, { records: context.db.offers, kind: 'offer', key, body });
}

/** @throws {ManagementError} 400 */
function newOffer({ ring, now }: ApiContext, { body, key, correlationId }: OfferCreation): OfferDocument {
  const { request_parameters: requestParameters, authenticationProviderId, maximumClaims } = body;
  const id = newOfferId(ring, 'offer', key);
  const createdAt = now();
  const expiresAt = endOf(body, createdAt);
  return {
    _id: id,
    issuerId: DEFAULT_ISSUER_ID,
    configurationIds: body.credentials,
    ...(requestParameters === undefined ? {} : { requestParameters }),
    ...(authenticationProviderId === undefined ? {} : { authenticationProviderId }),
    state: 'active',
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(maximumClaims === undefined ? {} : { maximumClaims }),
    ...(key === undefined ? {} : { requestFingerprint: requestFingerprint(ring, { id, keyName: currentKey(ring), body }) }),
    correlationId,
    createdAt: new Date(createdAt),
  };
}

/** Not in the schema: a repeat of a request is answered also when the time it names is past. */
function endOf({ expiresIn, expiresAt }: ReusableOfferRequest, now: number): Date | undefined {
  if (expiresIn !== undefined) return new Date(now + 1000 * expiresIn);
  if (expiresAt === undefined) return undefined;
  const seconds = (expiresAt.getTime() - now) / 1000;
  if (seconds > 0 && seconds <= LONGEST_LIFE_SECONDS) return expiresAt;
  const msg = 'must be in the future, and at most ten years away';
  throw ManagementError.validation([{ msg, param: 'expiresAt', location: 'body' }]);
}

interface Answered {
  readonly offer: OfferDocument;
  readonly body: ReusableOfferRequest;
}

async function createdOffer(
  context: ApiContext,
  { offer, body }: Answered,
): Promise<Exact<z.output<typeof createdReusableOfferSchema>>> {
  const uri = uriOf(context, { offer, body });
  return {
    id: offer._id,
    uri,
    pageUrl: offerPageUrl(context.config, reusableOfferReference(context, offer)),
    ...(offer.expiresAt === undefined ? {} : { expiresAt: offer.expiresAt.toISOString() }),
    ...(body.qrCode === undefined ? {} : { qrCode: await drawQrCode(uri, body.qrCode) }),
  };
}

function uriOf(context: ApiContext, { offer, body }: Answered): string {
  const endpoint = body.credentialOfferEndpoint ?? DEFAULT_OFFER_ENDPOINT;
  return reusableOfferUri(context, { offer, mode: body.credentialOfferMode, endpoint });
}
