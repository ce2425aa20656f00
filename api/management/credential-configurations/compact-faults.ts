import { compactClaimFaults } from '../../../credentials/cwt/claim-faults.js';
import { credentialSigners } from '../../../keys/credential-signers.js';
import { didWebOf } from '../../../keys/did-web.js';
import { SignerError } from '../../../keys/signer.js';
import type { CompactConfigurationDocument } from '../../../store/configuration-documents.js';
import type { IssuerSnapshot } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import type { ErrorDetail } from '../../http/errors.js';

/** What of a compact configuration cannot work as the issuer stands: its claims' names, and the DID that is to sign. */
export function compactFaults(
  { claimMappings, profile, issuerDid }: CompactConfigurationDocument,
  about: { readonly context: ApiContext; readonly snapshot: IssuerSnapshot },
): Promise<ErrorDetail[]> {
  const faults = compactClaimFaults(claimMappings, profile).map(({ claim, member, message }): ErrorDetail => ({
    msg: message,
    param: `claimMappings.${claim}${member === undefined ? '' : `.${member}`}`,
    location: 'body',
  }));
  if (issuerDid !== undefined && !hasSigningKey(issuerDid, about))
    faults.push({ msg: 'is not a DID of this issuer with an active ES256 key', param: 'issuerDid', location: 'body' });
  return Promise.resolve(faults);
}

/** Whether credentials can be signed with ES256 in the name of a DID. */
export function hasSigningKey(
  did: string,
  { context, snapshot }: { readonly context: ApiContext; readonly snapshot: IssuerSnapshot },
): boolean {
  try {
    credentialSigners({ records: snapshot, access: context, issuerDid: didWebOf(context.config.PUBLIC_URL) }).assertion(
      'ES256',
      did,
    );
    return true;
  } catch (error) {
    if (error instanceof SignerError) return false;
    throw error;
  }
}
