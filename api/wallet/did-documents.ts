import type { RequestHandler } from 'express';
import { issuerDids, type IssuerDid } from '../../keys/did-issuer.js';
import { didWebOf } from '../../keys/did-web.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import { oncePerSnapshot, published, sendDocument } from './published-document.js';
import type { WalletServices } from './services.js';
import type { WalletIssuer } from './wallet-issuer.js';

/** The DIDs of the issuer by their names, its own did:web first. */
export function didsOf(
  { keys, dids }: Pick<IssuerSnapshot, 'keys' | 'dids'>,
  { identifier }: Pick<WalletIssuer, 'identifier'>,
): ReadonlyMap<string, IssuerDid> {
  return issuerDids({ keys, dids, issuerDid: didWebOf(identifier), origin: new URL(identifier).origin });
}

/**
 * Serves the document of every did:web of the issuer whose place (did:web method 3.2) is below its identifier: its own,
 * and those on record. Passes on everything else.
 */
export function didDocumentsAt({ context, issuer }: WalletServices): RequestHandler {
  const documentsOf = oncePerSnapshot(
    (snapshot) => new Map([...didsOf(snapshot, issuer).values()].map(({ did, document }) => [did, published(document)])),
  );
  return async (request, response, next) => {
    const did = request.method === 'GET' || request.method === 'HEAD' ? didAt(request.path, issuer) : undefined;
    const document = did === undefined ? undefined : documentsOf(await context.directory.get(issuer.id)).get(did);
    if (document === undefined) next();
    else sendDocument(request, response, document);
  };
}

/**
 * The did:web whose document is at a path.
 *
 * @param path as routes see it: without that of the issuer's identifier
 */
function didAt(path: string, { identifier, path: issuerPath }: WalletIssuer): string | undefined {
  const place = /^((?:\/[^/]+)*)\/did\.json$/.exec(path)?.[1];
  if (place === undefined) return undefined;
  // Where the identifier has no path, the name is a well-known one.
  if (issuerPath === '' && place === '') return undefined;
  if (issuerPath === '' && place === '/.well-known') return didWebOf(identifier);
  try {
    return didWebOf(identifier + place);
  } catch {
    return undefined;
  }
}
