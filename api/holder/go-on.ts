import type { Response } from 'express';
import type { IssuanceDocument } from '../../store/documents.js';
import { openStep } from '../../store/holder-steps.js';
import { activeHook } from '../../store/openid-configuration.js';
import type { NextStep } from '../../workflows/messages.js';
import type { EventLocals } from '../http/recorded.js';
import { IssuanceNotFound, IssuanceRefusal } from '../issuance-client.js';
import { newRoutedSecret, sessionState } from '../oauth/session-state.js';
import { sendToWallet } from './back-to-wallet.js';
import { AlreadyFinished, HolderError, ReturnToWallet } from './holder-error.js';
import { authorizationOf, errorUrl, returnAddress, sessionUrl } from './holder-session.js';
import { signHookToken } from './hook-token.js';
import { endOf } from './open-session.js';
import { providerAuthorizationUrl } from './provider/authorization-url.js';
import { ProviderUnavailableError } from './provider/provider-errors.js';
import type { HolderServices } from './services.js';
import { sendTo, walletUrl } from './wallet-redirect.js';

/**
 * Asks the session's workflow for the next step, and sends the browser there.
 *
 * @param ask delivers a message; the code whose hash it is given is handed out where the workflow says so
 */
export async function goOn(
  services: HolderServices,
  response: Response,
  session: IssuanceDocument,
  ask: (codeHash: string) => Promise<NextStep>,
): Promise<void> {
  (response.locals as EventLocals).eventData = { offerId: session.offerId ?? session._id, sessionId: session._id };
  const code = newRoutedSecret(session._id);
  const next = await askOrEnd(services, session, () => ask(code.hash));
  const url = await urlOf(services, session, { next, code: code.value });
  if (next === 'code') await sendToWallet(services, response, url);
  else sendTo(response, url);
}

/** @throws {HolderError | ReturnToWallet | AlreadyFinished} where there is no next step */
async function askOrEnd(
  services: HolderServices,
  session: IssuanceDocument,
  ask: () => Promise<NextStep>,
): Promise<NextStep['next']> {
  try {
    return (await ask()).next;
  } catch (error) {
    if (error instanceof IssuanceNotFound) throw await endOfIssuance(services, session);
    if (!(error instanceof IssuanceRefusal)) throw error;
    if (WALLET_ERRORS.has(error.type))
      throw new ReturnToWallet(errorUrl(services, session, error.type), error.type, { cause: error });
    throw error.type === 'already_redeemed' ? new AlreadyFinished() : new HolderError('session_over', { cause: error });
  }
}

/** The workflow is over: its record tells how. */
async function endOfIssuance(services: HolderServices, { _id, issuerId }: IssuanceDocument): Promise<Error> {
  const session = await services.context.db.issuances.findOne({ _id, issuerId });
  return session === null ? new HolderError('session_over') : endOf(services, session);
}

const WALLET_ERRORS = new Set(['access_denied', 'server_error', 'temporarily_unavailable']);

async function urlOf(
  services: HolderServices,
  session: IssuanceDocument,
  { next, code }: NextStep & { code: string },
): Promise<string> {
  switch (next) {
    case 'authentication':
      return providerUrl(services, session);
    case 'interaction':
      return hookUrl(services, session);
    case 'approval':
      return sessionUrl(services, session._id);
    case 'code':
      return walletUrl(returnAddress(services, session), { code }, services.issuer.identifier);
  }
}

/** Where the holder logs in. */
export async function providerUrl(services: HolderServices, session: IssuanceDocument): Promise<string> {
  const { context, issuer, providers } = services;
  const snapshot = await context.directory.get(issuer.id);
  const provider = snapshot.authenticationProviders.get(session.authenticationProviderId ?? '');
  if (provider === undefined) throw new HolderError('session_over', { detail: 'the authentication provider was deleted' });
  const parameters = authorizationOf(services, session)?.parameters ?? {};
  try {
    return await providerAuthorizationUrl({ providers, provider, issuer, ring: context.ring, session, parameters });
  } catch (error) {
    if (!(error instanceof ProviderUnavailableError)) throw error;
    throw new HolderError('provider_unavailable', { retry: { url: sessionUrl(services, session._id) }, cause: error });
  }
}

async function hookUrl({ context, issuer }: HolderServices, session: IssuanceDocument): Promise<string> {
  const { ring, config } = context;
  const snapshot = await context.directory.get(issuer.id);
  const hook = activeHook(snapshot.issuer);
  if (hook === undefined) throw new HolderError('session_over', { detail: 'the interaction hook was switched off' });
  const known = openStep(ring, session, 'authentication')?.claims ?? {};
  const claims = Object.fromEntries(hook.claims.filter((name) => Object.hasOwn(known, name)).map((name) => [name, known[name]]));
  const token = signHookToken(
    { ring, issuerId: issuer.id, issuerIdentifier: issuer.identifier, hook, now: context.now() },
    {
      state: sessionState(session._id, { ring, issuerId: issuer.id, kind: 'interaction' }),
      redirectUrl: issuer.urls.interactionReturn,
      claims,
      lifetimeSeconds: hook.sessionTimeoutInSec ?? config.INTERACTION_SECONDS,
    },
  );
  const url = new URL(hook.url);
  url.searchParams.set('session_token', token);
  return url.href;
}
