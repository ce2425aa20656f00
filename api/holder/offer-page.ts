import type { Request, Response } from 'express';
import type { IssuanceDescription } from '../issuance-client.js';
import { IssuanceNotFound } from '../issuance-client.js';
import type { IssuanceDocument, OfferDocument } from '../../store/documents.js';
import { drawQrCode } from '../http/qr-code.js';
import { credentialOfferUri, findOfferedIssuance } from '../wallet/credential-offer.js';
import { findReferencedOffer, reusableOfferUri } from '../wallet/reusable-offer.js';
import { PATHS } from '../wallet/wallet-issuer.js';
import { HolderError } from './holder-error.js';
import { credentialSummaries, issuerBranding } from './pages/branding.js';
import { offerPage } from './pages/offer-page.js';
import type { OfferPageContent, OfferPageState } from './pages/page-contents.js';
import { pageReload } from './pages/reload.js';
import { sendPage } from './pages/send-page.js';
import { readerOf } from './reader.js';
import type { HolderServices } from './services.js';

const RELOAD_SECONDS = 10;
const ANY_WALLET = 'openid-credential-offer://';

/** An offer as its page shows it, whichever kind it is. */
interface ShownOffer {
  readonly configurationIds: readonly string[];
  readonly state: OfferPageState;
  readonly uriFor: (endpoint: string) => string;
  readonly expiresAt?: Date;
  readonly transactionCode?: IssuanceDocument['transactionCode'];
}

/** `GET /offers/{reference}`: an offer for people, at the same secret reference under which wallets get it. */
export function showOffer(services: HolderServices): (request: Request, response: Response) => Promise<void> {
  const { context, issuer } = services;
  return async (request, response) => {
    const reference = String(request.params.id);
    const offer = (await reusableOffer(services, reference)) ?? (await preAuthorizedOffer(services, reference));
    if (offer === undefined) throw new HolderError('offer_unavailable', { status: 404 });
    const snapshot = await context.directory.get(issuer.id);
    const { language, languages } = readerOf(request);
    const configurations = offer.configurationIds.flatMap((id) => snapshot.configurations.get(id) ?? []);
    const url = issuer.path + PATHS.offerPage.replace(':id', reference);
    const isLive = offer.state === 'open' || offer.state === 'paused' || offer.state === 'in_progress';
    const content: OfferPageContent = {
      issuer: issuerBranding(snapshot.issuer, languages),
      credentials: credentialSummaries({ configurations, languages }),
      state: offer.state,
      ...(offer.state === 'open' ? { invitation: await invitation(services, offer) } : {}),
      ...(isLive ? { reload: pageReload({ url, seconds: RELOAD_SECONDS, parameter: request.query.reload }) } : {}),
    };
    sendPage(response, { html: offerPage(content, language), status: 200 });
  };
}

async function reusableOffer({ context }: HolderServices, reference: string): Promise<ShownOffer | undefined> {
  const offer = await findReferencedOffer(context, reference);
  if (offer === undefined) return undefined;
  return {
    configurationIds: offer.configurationIds,
    state: stateOfOffer(offer, context.now()),
    uriFor: (endpoint) => reusableOfferUri(context, { offer, mode: 'reference', endpoint }),
    ...(offer.expiresAt === undefined ? {} : { expiresAt: offer.expiresAt }),
  };
}

function stateOfOffer({ state, expiresAt }: OfferDocument, now: number): OfferPageState {
  if (expiresAt !== undefined && expiresAt.getTime() <= now) return 'over';
  if (state === 'active') return 'open';
  return state === 'paused' ? 'paused' : 'over';
}

async function preAuthorizedOffer({ context }: HolderServices, reference: string): Promise<ShownOffer | undefined> {
  const session = await findOfferedIssuance(context, reference);
  if (session === undefined) return undefined;
  return {
    configurationIds: session.configurationIds,
    state: await stateOfIssuance(context, session),
    uriFor: (endpoint) => credentialOfferUri(context, { session, mode: 'reference', endpoint }),
    expiresAt: session.expiresAt,
    ...(session.transactionCode === undefined ? {} : { transactionCode: session.transactionCode }),
  };
}

async function stateOfIssuance(
  { issuances, now }: HolderServices['context'],
  session: IssuanceDocument,
): Promise<OfferPageState> {
  if (session.closedAt !== undefined) return session.outcome === 'accepted' ? 'collected' : 'over';
  if (session.withdrawnAt !== undefined) return 'over';
  const description = await issuances
    .describe({ issuerId: session.issuerId, sessionId: session._id })
    .catch((error: unknown): IssuanceDescription | undefined => {
      if (error instanceof IssuanceNotFound) return undefined;
      throw error;
    });
  const phase = description?.phase ?? 'OFFERED';
  if (phase === 'WAIT_NOTIFICATION') return 'collected';
  if (phase !== 'OFFERED') return 'in_progress';
  return session.expiresAt.getTime() <= now() ? 'over' : 'open';
}

/** The QR code, and links for the wallets that the deployment names, the first for any. */
async function invitation(
  { context }: HolderServices,
  { uriFor, expiresAt, transactionCode }: ShownOffer,
): Promise<NonNullable<OfferPageContent['invitation']>> {
  const uri = uriFor(ANY_WALLET);
  return {
    qrCode: await drawQrCode(uri, 'svg'),
    links: [{ url: uri }, ...context.config.OFFER_WALLETS.map(({ name, endpoint }) => ({ wallet: name, url: uriFor(endpoint) }))],
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(transactionCode === undefined ? {} : { transactionCode }),
  };
}
