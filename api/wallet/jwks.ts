import { issuerSigners } from '../../keys/issuer-signers.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import type { WalletServices } from './services.js';

/** The keys of the authorization server: what its access tokens are verified with (RFC 7517 5). */
export function jwks({ context }: WalletServices): (snapshot: IssuerSnapshot) => unknown {
  return ({ keys }) => issuerSigners({ keys, access: context }).accessTokenJwks;
}
