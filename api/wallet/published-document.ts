import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import type { Endpoint } from './endpoint.js';
import type { WalletServices } from './services.js';

/** A JSON document ready to send. */
export interface PublishedDocument {
  readonly body: string;
  /** Strong: of the very bytes. */
  readonly etag: string;
}

export function published(content: unknown): PublishedDocument {
  const body = JSON.stringify(content);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` };
}

/** Makes something once per issuer snapshot. */
export function oncePerSnapshot<T>(make: (snapshot: IssuerSnapshot) => T): (snapshot: IssuerSnapshot) => T {
  const made = new WeakMap<IssuerSnapshot, { readonly value: T }>();
  return (snapshot) => {
    const known = made.get(snapshot) ?? { value: make(snapshot) };
    made.set(snapshot, known);
    return known.value;
  };
}

/** An endpoint for a public document that follows from the issuer's records. */
export function documentEndpoint(
  { context, issuer }: WalletServices,
  contentOf: (snapshot: IssuerSnapshot) => unknown,
): Endpoint {
  const documentOf = oncePerSnapshot((snapshot) => published(contentOf(snapshot)));
  return async (request, response) => {
    sendDocument(request, response, documentOf(await context.directory.get(issuer.id)));
  };
}

/** Sends a public document, or 304 to whom has it: web wallets of any origin may read it (MET-19). */
export function sendDocument(request: Request, response: Response, { body, etag }: PublishedDocument): void {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Cache-Control': 'public, max-age=60',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    ETag: etag,
    // One form for all now; caches are told what it may come to depend on (OID4VCI 12.2.2).
    Vary: 'Accept, Accept-Language',
  });
  if (request.fresh) response.status(304).end();
  else response.type('application/json').send(body);
}
