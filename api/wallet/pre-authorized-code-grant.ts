import type { Response } from 'express';
import { OAuthError } from '../http/errors.js';
import { redeemCode, type Redemption } from './redeem-code.js';
import type { WalletServices } from './services.js';
import type { TokenRequest } from './token-request.js';

/** Redeems a pre-authorized code, with its transaction code where there is one (OID4VCI 6.1). */
export function redeemPreAuthorizedCode(
  services: WalletServices,
  response: Response,
  request: TokenRequest,
): Promise<Redemption> {
  const { parameter, dpopThumbprint, lifetimeSeconds, refreshToken } = request;
  const code = parameter('pre-authorized_code');
  if (code === undefined) throw new OAuthError('invalid_request', 'the parameter pre-authorized_code is missing');
  return redeemCode(services, response, {
    code,
    transactionCode: parameter('tx_code'),
    lifetimeSeconds,
    dpopThumbprint,
    refreshToken: refreshToken?.binding,
  });
}
