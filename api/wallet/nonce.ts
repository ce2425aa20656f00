import { mintNonce } from '../oauth/nonce.js';
import type { Endpoint } from './endpoint.js';
import type { WalletServices } from './services.js';

/** The nonce endpoint (OID4VCI 7): open to all, whatever the request's body, and without a write anywhere. */
export function nonceEndpoint({ context, issuer }: WalletServices): Endpoint {
  const { ring, config, now, reach } = context;
  return async (request, response) => {
    // Nobody reads it; drained, it cannot hold up the connection.
    request.resume();
    const nonce = mintNonce({ ring, issuerId: issuer.id, now: now(), seconds: config.NONCE_SECONDS });
    await reach('nonce.minted');
    response.json({ c_nonce: nonce });
  };
}
