import type { RequestHandler } from 'express';
import type { WalletIssuer } from './wallet-issuer.js';

/**
 * Takes the path of the issuer's identifier off the front of a request's URL, so that one set of routes serves behind
 * proxies that pass it on and behind those that cut it off.
 */
export function withoutPublicPath({ path }: Pick<WalletIssuer, 'path'>): RequestHandler {
  return (request, _response, next) => {
    if (path !== '' && request.url.startsWith(`${path}/`)) request.url = request.url.slice(path.length);
    next();
  };
}
