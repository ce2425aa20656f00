import { randomUUID } from 'node:crypto';
import { isDuplicateKey } from '../../store/database.js';
import type { IssuanceDocument, OfferDocument } from '../../store/documents.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import { activeHook } from '../../store/openid-configuration.js';
import { takePlace } from '../../store/offer-claims.js';
import type { IssuanceInput } from '../../workflows/messages.js';
import { IssuanceNotFound, IssuanceRefusal } from '../issuance-client.js';
import type { AuthorizationRequest } from '../oauth/authorization-request.js';
import { clientBinding } from '../oauth/session-state.js';
import { commonInput, summaryOf } from '../issuance-input.js';
import { HolderError } from './holder-error.js';
import { sealAuthorization, sealReturnAddress } from './holder-session.js';
import { endOf } from './open-session.js';
import type { HolderServices } from './services.js';
import { walletUrl } from './wallet-redirect.js';

/** What a session begins with. */
interface Beginning {
  readonly request: AuthorizationRequest;
  readonly browserHash: string;
  readonly correlationId: string;
}

interface BegunSession {
  readonly session: IssuanceDocument;
  /** False where an earlier request made it: the holder may be further than the beginning. */
  readonly isNew: boolean;
}

/**
 * Makes the session of an authorization request that its holder agreed to, and starts its issuance. A repeat in the same
 * browser comes to the same session, and starts what a process that died did not.
 *
 * @throws {HolderError}
 */
export async function beginSession(services: HolderServices, beginning: Beginning): Promise<BegunSession> {
  const { context, issuer } = services;
  const snapshot = await context.directory.get(issuer.id);
  const offer = await requireOffer(services, beginning.request);
  const record = newRecord(services, { ...beginning, snapshot });
  const session = await storeOnce(services, record);
  if (session.closedAt !== undefined) throw endOf(services, session);
  await requirePlace(services, { offer, session, request: beginning.request });
  await context.reach('authorize.stored');
  await context.issuances.start(
    issuanceInput(services, { session, request: beginning.request, snapshot }),
    summaryOf(session, snapshot),
  );
  await context.reach('authorize.started');
  await requireStillOffered(services, { offer, session, request: beginning.request });
  return { session, isNew: session === record };
}

/**
 * An offer that was withdrawn, paused or used up while the holder read is not claimed (AUT-10). A pause or the offer's end
 * does not stop a session that was begun before.
 */
async function requireOffer(
  { context, issuer }: HolderServices,
  request: AuthorizationRequest,
): Promise<OfferDocument | undefined> {
  if (request.offerId === undefined) return undefined;
  const offer = await context.db.offers.findOne({ _id: request.offerId, issuerId: issuer.id });
  if (offer === null) throw unavailableOffer(issuer.identifier, request);
  const { state, expiresAt } = offer;
  if (state === 'active' && (expiresAt === undefined || expiresAt.getTime() > context.now())) return offer;
  const begun = { _id: request.sessionId, issuerId: issuer.id, closedAt: { $exists: false } };
  const isBegun = state !== 'revoked' && (await context.db.issuances.findOne(begun)) !== null;
  if (!isBegun) throw unavailableOffer(issuer.identifier, request);
  return offer;
}

/** A revocation that ended the offer's sessions while this one was being stored may have missed it. */
async function requireStillOffered(
  { context, issuer }: HolderServices,
  { offer, session, request }: { offer: OfferDocument | undefined; session: IssuanceDocument; request: AuthorizationRequest },
): Promise<void> {
  if (offer === undefined) return;
  const now = await context.db.offers.findOne({ _id: offer._id, issuerId: issuer.id }, { projection: { state: 1 } });
  if (now?.state !== 'revoked') return;
  await context.issuances.withdraw({ issuerId: issuer.id, sessionId: session._id }).catch((error: unknown) => {
    // Over, or collected already.
    if (!(error instanceof IssuanceNotFound || error instanceof IssuanceRefusal)) throw error;
  });
  throw unavailableOffer(issuer.identifier, request);
}

async function requirePlace(
  { context, issuer }: HolderServices,
  { offer, session, request }: { offer: OfferDocument | undefined; session: IssuanceDocument; request: AuthorizationRequest },
): Promise<void> {
  if (offer?.maximumClaims === undefined) return;
  const place = {
    db: context.db,
    issuerId: issuer.id,
    offerId: offer._id,
    sessionId: session._id,
    maximumClaims: offer.maximumClaims,
  };
  if (await takePlace(place)) return;
  await context.db.issuances.deleteOne({ _id: session._id, issuerId: issuer.id, closedAt: { $exists: false } });
  throw unavailableOffer(issuer.identifier, request);
}

function unavailableOffer(issuerIdentifier: string, request: AuthorizationRequest): HolderError {
  return new HolderError('offer_unavailable', { returnUrl: walletUrl(request, { error: 'access_denied' }, issuerIdentifier) });
}

function newRecord(
  services: HolderServices,
  { request, browserHash, correlationId, snapshot }: Beginning & { snapshot: IssuerSnapshot },
): IssuanceDocument {
  const { context, issuer } = services;
  const provider = chosenProvider(snapshot, request);
  if (provider === undefined) {
    const returnUrl = walletUrl(request, { error: 'server_error' }, issuer.identifier);
    throw new HolderError('unavailable', { detail: 'the issuer has no authentication provider', returnUrl });
  }
  const createdAt = context.now();
  return {
    _id: request.sessionId,
    issuerId: issuer.id,
    grantType: 'authorization_code',
    configurationIds: request.configurationIds,
    userId: randomUUID(),
    ...(request.offerId === undefined ? {} : { offerId: request.offerId }),
    authorization: sealAuthorization(services, request),
    returnTo: sealReturnAddress(services, request),
    browserHash,
    authenticationProviderId: provider._id,
    correlationId,
    codeKey: context.ring.keyNames[0] ?? '',
    createdAt: new Date(createdAt),
    expiresAt: new Date(createdAt + 1000 * context.config.AUTHORIZATION_SESSION_SECONDS),
  };
}

function chosenProvider({ authenticationProviders }: IssuerSnapshot, { authenticationProviderId: chosen }: AuthorizationRequest) {
  if (chosen !== undefined) return authenticationProviders.get(chosen);
  const providers = [...authenticationProviders.values()];
  // While the default is being changed none may be marked; then it is the oldest.
  return providers.find(({ isDefault }) => isDefault) ?? providers[0];
}

/** Inserts the record, or gives the one that an earlier request of the same browser inserted. */
async function storeOnce({ context }: HolderServices, record: IssuanceDocument): Promise<IssuanceDocument> {
  try {
    await context.db.issuances.insertOne(record);
    return record;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const known = await context.db.issuances.findOne({ _id: record._id, issuerId: record.issuerId });
  if (known?.grantType !== 'authorization_code') throw new HolderError('session_over');
  if (known.browserHash !== record.browserHash) throw new HolderError('other_browser');
  return known;
}

function issuanceInput(
  { context }: HolderServices,
  { session, request, snapshot }: { session: IssuanceDocument; request: AuthorizationRequest; snapshot: IssuerSnapshot },
): IssuanceInput {
  const { config } = context;
  const hook = activeHook(snapshot.issuer);
  return {
    ...commonInput(context, { record: session, snapshot }),
    grantType: 'authorization_code',
    authorization: {
      ...(request.offerId === undefined ? {} : { offerId: request.offerId }),
      clientBinding: clientBinding(request),
      codeChallenge: request.codeChallenge,
      ...(request.dpopThumbprint === undefined ? {} : { dpopThumbprint: request.dpopThumbprint }),
      byAuthorizationDetails: request.byAuthorizationDetails,
      ...(hook === undefined ? {} : { interactionSeconds: hook.sessionTimeoutInSec ?? config.INTERACTION_SECONDS }),
      approvalSeconds: config.APPROVAL_WINDOW_SECONDS,
      codeSeconds: config.AUTHORIZATION_CODE_SECONDS,
    },
  };
}
