import type { Response } from 'express';
import { issuerBranding } from './pages/branding.js';
import { returnPage } from './pages/return-page.js';
import { sendPage } from './pages/send-page.js';
import { readerOf } from './reader.js';
import type { HolderServices } from './services.js';
import { sendTo } from './wallet-redirect.js';

/**
 * Sends a browser back to the wallet. To an app it goes with a page that says so: where no app takes the URL, or the
 * browser stays where it is, the holder has something to press.
 */
export async function sendToWallet(services: HolderServices, response: Response, url: string): Promise<void> {
  if (/^https?:/i.test(url)) sendTo(response, url);
  else await sendReturnPage(services, response.set('Location', url), { status: 303, returnUrl: url });
}

/** The wallet has its answer already: a browser that comes once more is told so. */
export function sendFinished(services: HolderServices, response: Response): Promise<void> {
  return sendReturnPage(services, response, { status: 200 });
}

async function sendReturnPage(
  { context, issuer }: HolderServices,
  response: Response,
  { status, returnUrl }: { status: number; returnUrl?: string },
): Promise<void> {
  const { language, languages } = readerOf(response.req);
  const snapshot = await context.directory.get(issuer.id);
  const content = {
    issuer: issuerBranding(snapshot.issuer, languages),
    ...(returnUrl === undefined ? {} : { returnUrl }),
  };
  sendPage(response, { html: returnPage(content, language), status });
}
