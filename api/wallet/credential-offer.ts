import type { RequestHandler } from 'express';
import type { IssuanceDocument, TransactionCodeDocument } from '../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import type { ApiContext } from '../context.js';
import { OAuthError } from '../http/errors.js';
import { methodNotAllowed } from '../http/method-not-allowed.js';
import { recorded, type EventLocals } from '../http/recorded.js';
import { isOfferReference, offerReference, parseRoutedCode, preAuthorizedCode } from '../oauth/pre-authorized-code.js';
import { buildReusableOffer, findReusableOffer, type ReusableCredentialOffer } from './reusable-offer.js';
import { PRE_AUTHORIZED_CODE_GRANT } from './token.js';

/** A Credential Offer object with the pre-authorized code grant (OID4VCI 4.1.1). */
export interface CredentialOffer {
  readonly credential_issuer: string;
  readonly credential_configuration_ids: readonly string[];
  readonly grants: {
    readonly [PRE_AUTHORIZED_CODE_GRANT]: {
      readonly 'pre-authorized_code': string;
      readonly tx_code?: { readonly input_mode: 'numeric' | 'text'; readonly length: number; readonly description?: string };
    };
  };
}

/** What an offer is made of; codes are derived from it, never stored. */
export interface OfferedSession {
  readonly _id: string;
  readonly issuerId: string;
  readonly codeKey: string;
  readonly configurationIds: readonly string[];
  readonly transactionCode?: TransactionCodeDocument;
}

/** The session's offer, the same each time it is built. */
export function buildCredentialOffer({ config, ring }: ApiContext, session: OfferedSession): CredentialOffer {
  const { _id: sessionId, issuerId, codeKey, configurationIds, transactionCode } = session;
  return {
    credential_issuer: config.PUBLIC_URL,
    credential_configuration_ids: configurationIds,
    grants: {
      [PRE_AUTHORIZED_CODE_GRANT]: {
        'pre-authorized_code': preAuthorizedCode({ ring, issuerId, sessionId, codeKey }),
        ...(transactionCode === undefined ? {} : { tx_code: describeTransactionCode(transactionCode) }),
      },
    },
  };
}

/**
 * The URI that hands the offer to a wallet, with exactly one of the two parameters (OID4VCI 4.1).
 *
 * @param endpoint custom scheme or https URL that invokes the wallet, without a query (OID4VCI 12.1.1)
 */
export function credentialOfferUri(
  context: ApiContext,
  { session, mode, endpoint }: { session: OfferedSession; mode: 'value' | 'reference'; endpoint: string },
): string {
  if (mode === 'value')
    return `${endpoint}?credential_offer=${encodeURIComponent(JSON.stringify(buildCredentialOffer(context, session)))}`;
  const { _id: sessionId, issuerId, codeKey } = session;
  const reference = offerReference({ ring: context.ring, issuerId, sessionId, codeKey });
  return `${endpoint}?credential_offer_uri=${encodeURIComponent(`${context.config.PUBLIC_URL}/v1/openid/offers/${reference}`)}`;
}

/**
 * `GET /v1/openid/offers/:id`: an offer by reference (OID4VCI 4.1.3). Wallets may fetch it again; it is there until it
 * expires, is withdrawn or revoked, or the issuance is over. An id of another shape is left to the routes that follow.
 */
export function credentialOfferEndpoint(context: ApiContext): RequestHandler {
  const answer = recorded(
    context,
    { stem: 'OPENID_CREDENTIAL_OFFER_RETRIEVE', category: 'OPENID' },
    async (request, response) => {
      const reference = String(request.params.id);
      const found = await findOffer(context, reference);
      if (found === undefined) throw new OAuthError('invalid_request', 'there is no such offer, or it is over', { status: 404 });
      (response.locals as EventLocals).eventData = { offerId: found.id };
      response.setHeader('Cache-Control', 'no-store');
      response.json(found.offer);
    },
  );
  const refuse = methodNotAllowed('GET');
  return (request, response, next) => {
    const { id } = request.params;
    if (typeof id === 'string' && parseRoutedCode(id) !== undefined) {
      return (['GET', 'HEAD'].includes(request.method) ? answer : refuse)(request, response, next);
    }
    next();
  };
}

async function findOffer(
  context: ApiContext,
  reference: string,
): Promise<{ id: string; offer: CredentialOffer | ReusableCredentialOffer } | undefined> {
  const reusable = await findReusableOffer(context, reference);
  if (reusable !== undefined) return { id: reusable._id, offer: buildReusableOffer(context, reusable) };
  const session = await findOfferedSession(context, reference);
  return session === undefined ? undefined : { id: session._id, offer: buildCredentialOffer(context, session) };
}

async function findOfferedSession(context: ApiContext, reference: string): Promise<OfferedSession | undefined> {
  const session = await findOfferedIssuance(context, reference);
  if (session === undefined || session.withdrawnAt !== undefined || session.closedAt !== undefined) return undefined;
  return session.expiresAt.getTime() <= context.now() ? undefined : session;
}

/** The pre-authorized offer that a reference was given out for, whatever has become of it. */
export async function findOfferedIssuance({ db, ring }: ApiContext, reference: string): Promise<IssuanceDocument | undefined> {
  const sessionId = parseRoutedCode(reference)?.sessionId ?? '';
  const session = await db.issuances.findOne(
    { _id: sessionId, issuerId: DEFAULT_ISSUER_ID, grantType: 'pre-authorized_code' },
    { projection: { claims: 0, collected: 0 } },
  );
  if (session === null) return undefined;
  const { issuerId, codeKey } = session;
  return isOfferReference({ ring, issuerId, sessionId, codeKey }, reference) ? session : undefined;
}

function describeTransactionCode({ inputMode, length, description }: TransactionCodeDocument) {
  return { input_mode: inputMode, length, ...(description === undefined ? {} : { description }) };
}
