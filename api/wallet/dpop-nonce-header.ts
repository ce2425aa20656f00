import { requiredDpopNonces } from '../oauth/dpop-nonce.js';
import type { Endpoint } from './endpoint.js';
import type { WalletServices } from './services.js';

/** Gives a fresh DPoP nonce with every answer, where proofs need one (RFC 9449 8.2, OID4VCI 7.2). */
export function withDpopNonce({ context, issuer }: WalletServices, endpoint: Endpoint): Endpoint {
  const { config, ring, now } = context;
  return (request, response) => {
    const nonces = requiredDpopNonces({ config, ring, issuerId: issuer.id, now: now() });
    if (nonces !== undefined) response.set('DPoP-Nonce', nonces.mint());
    return endpoint(request, response);
  };
}
