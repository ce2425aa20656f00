import type { Request, Response } from 'express';
import { sealEnvelope } from '../../../keys/envelope.js';
import { isDuplicateKey } from '../../../store/database.js';
import type { IssuanceDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID, type IssuerSnapshot } from '../../../store/issuer-directory.js';
import { authorizationPolicy } from '../../../store/openid-configuration.js';
import type { ApiContext } from '../../context.js';
import type { EventLocals } from '../../http/recorded.js';
import { ManagementError } from '../../http/errors.js';
import { requestIdOf } from '../../http/request-context.js';
import { readBody } from '../validation.js';
import { createdOffer, offerUri } from './created-offer.js';
import {
  currentKey,
  findRepeated,
  newOfferId,
  readIdempotencyKey,
  requestFingerprint,
  type IdempotencyKey,
} from './offer-idempotency.js';
import { persistClaims, resolveUser } from './offer-user.js';
import { offerRequestSchema, type OfferRequest } from './offer.schema.js';
import { requireFittingQrCode } from '../../http/qr-code.js';
import { resolveReferences } from './resolve-references.js';
import { startIssuance } from './start-issuance.js';

interface OfferCreation {
  readonly body: OfferRequest;
  readonly key?: IdempotencyKey;
  readonly correlationId: string;
}

/** `POST /v1/openid/offers/pre-authorized`: makes an offer and starts its issuance; answers when both are durable. */
export function createCreateOffer(context: ApiContext): (request: Request, response: Response) => Promise<void> {
  const schema = offerRequestSchema(context.config);
  return async (request, response) => {
    const key = readIdempotencyKey(request, response);
    const body = await readBody(request, schema, context);
    const creation = { body, correlationId: requestIdOf(response), ...(key === undefined ? {} : { key }) };
    const repeated = key === undefined ? undefined : await findSame(context, { key, body });
    const record = repeated === undefined ? await createOffer(context, creation) : await resumeOffer(context, repeated);
    (response.locals as EventLocals).eventData = { offerId: record._id, credentialConfigurationIds: record.configurationIds };
    response.json(await createdOffer(context, { record, body }));
  };
}

async function createOffer(context: ApiContext, creation: OfferCreation): Promise<IssuanceDocument> {
  const { body, key } = creation;
  const snapshot = await resolveReferences(context, body);
  requirePersistence(snapshot, body);
  const record = await newRecord(context, creation);
  if (body.qrCode !== undefined) requireFittingQrCode(offerUri(context, { session: record, body }));
  await persistClaims(context, { body, userId: record.userId });
  try {
    await context.db.issuances.insertOne(record);
  } catch (error) {
    const winner = key === undefined || !isDuplicateKey(error) ? undefined : await findSame(context, { key, body });
    if (winner === undefined) throw error;
    return resumeOffer(context, winner);
  }
  await context.reach('create-offer.stored');
  await startOrTakeBack(context, { record, snapshot, key });
  await context.reach('create-offer.started');
  return record;
}

/** Another request made the record, and may have died before it started the issuance. */
async function resumeOffer(context: ApiContext, record: IssuanceDocument): Promise<IssuanceDocument> {
  await startIssuance(context, { record, snapshot: await context.directory.get(DEFAULT_ISSUER_ID) });
  return record;
}

function findSame(
  context: ApiContext,
  { key, body }: { key: IdempotencyKey; body: OfferRequest },
): Promise<IssuanceDocument | undefined> {
  return findRepeated(context, { records: context.db.issuances, kind: 'session', key, body });
}

/** @throws {ManagementError} 400 where the issuer forbids keeping claims, rather than keep less than was asked for */
function requirePersistence({ issuer }: IssuerSnapshot, { claimsToPersist }: OfferRequest): void {
  if (claimsToPersist.length === 0 || authorizationPolicy(issuer).persistClaims) return;
  const msg = 'must be empty: this issuer keeps no claims (authorization.persistClaims of the OpenID configuration)';
  throw ManagementError.validation([{ msg, param: 'claimsToPersist', location: 'body' }]);
}

async function newRecord(context: ApiContext, { body, key, correlationId }: OfferCreation): Promise<IssuanceDocument> {
  const { config, ring, now } = context;
  const { claims, transactionCodeConfiguration, expiresIn = config.OFFER_EXPIRY_SECONDS } = body;
  const sessionId = newOfferId(ring, 'session', key);
  const codeKey = currentKey(ring);
  const createdAt = now();
  return {
    _id: sessionId,
    issuerId: DEFAULT_ISSUER_ID,
    grantType: 'pre-authorized_code',
    configurationIds: body.credentials,
    ...(await resolveUser(context, { body, sessionId })),
    correlationId,
    codeKey,
    ...(transactionCodeConfiguration === undefined ? {} : { transactionCode: transactionCodeConfiguration }),
    createdAt: new Date(createdAt),
    expiresAt: new Date(createdAt + 1000 * expiresIn),
    ...(key === undefined ? {} : { requestFingerprint: requestFingerprint(ring, { id: sessionId, keyName: codeKey, body }) }),
    ...(claims === undefined ? {} : { claims: sealEnvelope({ ring, value: claims, context: sessionId }) }),
  };
}

interface Start {
  readonly record: IssuanceDocument;
  readonly snapshot: IssuerSnapshot;
  readonly key: IdempotencyKey | undefined;
}

/**
 * A record whose issuance does not start is taken back: nobody has its code. One made under an Idempotency-Key stays,
 * since a repeat may be at work on it already; the next repeat starts it.
 */
async function startOrTakeBack(context: ApiContext, { record, snapshot, key }: Start): Promise<void> {
  try {
    await startIssuance(context, { record, snapshot });
  } catch (error) {
    if (key === undefined)
      await context.db.issuances.deleteOne({ _id: record._id, issuerId: record.issuerId }).catch(() => undefined);
    throw error;
  }
}
