import type { Request } from 'express';
import { requiredDpopNonces } from '../oauth/dpop-nonce.js';
import { dpopHeader, spendDpopProof, verifyDpopProof, type DpopProof } from '../oauth/dpop.js';
import type { WalletServices } from './services.js';

/**
 * The DPoP proof of a request to the token or the PAR endpoint, checked in all but its single use and without I/O;
 * `undefined` where there is none (RFC 9449 5, 10.1).
 *
 * @throws {OAuthError} `invalid_dpop_proof` or `use_dpop_nonce`
 */
export function shownDpopProof(request: Request, { context, issuer }: WalletServices, url: string): DpopProof | undefined {
  const header = dpopHeader(request);
  if (header === undefined) return undefined;
  const now = context.now();
  const nonce = requiredDpopNonces({ config: context.config, ring: context.ring, issuerId: issuer.id, now });
  return verifyDpopProof(header, { method: 'POST', url, now, ...(nonce === undefined ? {} : { nonce }) });
}

/**
 * Spends the proof, if there is one.
 *
 * @returns the thumbprint of its key
 * @throws {OAuthError} `invalid_dpop_proof` where it was used
 */
export async function spendShownProof(
  proof: DpopProof | undefined,
  { context, issuer }: WalletServices,
): Promise<string | undefined> {
  if (proof === undefined) return undefined;
  await spendDpopProof({ db: context.db, issuerId: issuer.id, proof, now: context.now() });
  return proof.thumbprint;
}
