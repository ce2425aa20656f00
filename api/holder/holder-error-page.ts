import type { ErrorRequestHandler, Request, Response } from 'express';
import { isUnavailable } from '../http/unavailable.js';
import { RequestBodyError } from '../http/request-body.js';
import { requestIdOf } from '../http/request-context.js';
import { sendFinished, sendToWallet } from './back-to-wallet.js';
import { AlreadyFinished, HolderError, ReturnToWallet } from './holder-error.js';
import { issuerBranding } from './pages/branding.js';
import { errorPage } from './pages/error-page.js';
import { sendPage } from './pages/send-page.js';
import { readerOf } from './reader.js';
import type { HolderServices } from './services.js';

const RETRY_AFTER_SECONDS = 2;

/** Answers what went wrong in a holder's browser: by a page in the holder's language, or by the way back to the wallet. */
export function holderErrors(services: HolderServices): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) next(error);
    else if (error instanceof ReturnToWallet) sendToWallet(services, response, error.url).catch(next);
    else if (error instanceof AlreadyFinished) sendFinished(services, response).catch(next);
    else {
      const shown = shownAs(error, request);
      if (shown === undefined) next(error);
      else sendErrorPage(services, request, response, shown).catch(next);
    }
  };
}

/** What a person can do something about; anything else is for the log. */
function shownAs(error: unknown, request: Request): HolderError | undefined {
  if (error instanceof HolderError) return error;
  if (error instanceof RequestBodyError)
    return new HolderError('invalid_request', { detail: error.message, status: error.status });
  if (!isUnavailable(error)) return undefined;
  // A form cannot be sent again by a link; everything else can.
  const retry = request.method === 'GET' ? { retry: { url: request.originalUrl } } : {};
  return new HolderError('unavailable', { ...retry, cause: error });
}

async function sendErrorPage(
  { context, issuer }: HolderServices,
  request: Request,
  response: Response,
  { fault, status, detail, retry, returnUrl }: HolderError,
): Promise<void> {
  const { language, languages } = readerOf(request);
  const snapshot = await context.directory.get(issuer.id);
  const content = {
    issuer: issuerBranding(snapshot.issuer, languages),
    fault,
    requestId: requestIdOf(response),
    ...(detail === undefined ? {} : { detail }),
    ...(retry === undefined ? {} : { retry }),
    ...(returnUrl === undefined ? {} : { returnUrl }),
  };
  if (status === 503) response.set('Retry-After', String(RETRY_AFTER_SECONDS));
  sendPage(response, { html: errorPage(content, language), status });
}
