import type { Request, RequestHandler } from 'express';
import { typeMetadata } from '../../credentials/sd-jwt-vc/type-metadata.js';
import { vctOf } from '../../credentials/sd-jwt-vc/vct.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import { oncePerSnapshot, published, sendDocument, type PublishedDocument } from './published-document.js';
import type { WalletServices } from './services.js';

/**
 * Serves SD-JWT VC type metadata at every `vct` that is an URL of this issuer (SDV-09): those made by this server, and
 * those a configuration names itself. Passes on everything else.
 */
export function typeMetadataAt({ context, issuer }: WalletServices): RequestHandler {
  const documentsOf = oncePerSnapshot((snapshot) => typeDocuments(snapshot, issuer.identifier));
  return async (request, response, next) => {
    const url = ownUrl(request, issuer);
    if (url === undefined) {
      next();
      return;
    }
    const document = documentsOf(await context.directory.get(issuer.id)).get(url);
    if (document === undefined) next();
    else sendDocument(request, response, document);
  };
}

function ownUrl(
  { method, originalUrl }: Request,
  { identifier, path }: { identifier: string; path: string },
): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  // The issuer's own interfaces are no types, and need not wait for its records here.
  const below = originalUrl.startsWith(`${path}/`) ? originalUrl.slice(path.length) : originalUrl;
  return /^\/(v\d|oauth|docs|openapi)[/.?]/.test(below) ? undefined : normalized(identifier + below);
}

/** As clients write it when they fetch it: percent-encoded where the credential may not be. */
function normalized(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).href : undefined;
}

/** By normalized URL. Of two configurations of one type the first is described. */
function typeDocuments(snapshot: IssuerSnapshot, issuerIdentifier: string): ReadonlyMap<string, PublishedDocument> {
  const documents = new Map<string, PublishedDocument>();
  for (const configuration of snapshot.configurations.values()) {
    if (configuration.profile !== 'sd-jwt') continue;
    const vct = vctOf({ configuration, issuerIdentifier });
    const url = vct.startsWith(`${issuerIdentifier}/`) ? normalized(vct) : undefined;
    if (url === undefined || documents.has(url)) continue;
    documents.set(url, published(typeMetadata({ configuration, issuerIdentifier })));
  }
  return documents;
}
