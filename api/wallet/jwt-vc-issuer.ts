import { issuerSigners } from '../../keys/issuer-signers.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import type { WalletServices } from './services.js';

/** The JWT VC Issuer metadata (SD-JWT VC 5): the keys of credentials, old ones included, for those in the field. */
export function jwtVcIssuer({ context, issuer }: WalletServices): (snapshot: IssuerSnapshot) => unknown {
  return ({ keys }) => ({ issuer: issuer.identifier, jwks: issuerSigners({ keys, access: context }).credentialJwks });
}
