import { mobileCertificateFacts } from '../../keys/certificate-facts.js';
import type { CredentialSigners } from '../../keys/credential-signers.js';
import { SignerError, type Signer } from '../../keys/signer.js';
import type { IssuingPlace } from './mdl-rules.js';

/** A document signer with its certificate, base64 DER; times are milliseconds since the epoch. */
export interface UsableDocumentSigner {
  readonly signer: Signer;
  readonly certificate: string;
  readonly place: IssuingPlace;
  readonly notBefore: number;
  readonly notAfter: number;
}

const known = new WeakMap<Signer, UsableDocumentSigner>();

/**
 * The document signer to issue with now.
 *
 * @throws {SignerError} where there is none, its certificate is not valid now, or it signs with something other than ES256
 */
export function usableDocumentSigner(signers: CredentialSigners, now: number): UsableDocumentSigner {
  const signer = signers.documentSigner(now);
  const found = known.get(signer) ?? readSigner(signer);
  known.set(signer, found);
  // Another takes over by itself, so waiting helps.
  if (now < found.notBefore || found.notAfter <= now)
    throw new SignerError(`the certificate of document signer ${signer.keyId} is not valid now`, { retryable: true });
  return found;
}

function readSigner(signer: Signer): UsableDocumentSigner {
  const [certificate] = signer.certificateChain;
  if (certificate === undefined)
    throw new SignerError(`document signer ${signer.keyId} has no certificate`, { retryable: false });
  if (signer.algorithm !== 'ES256')
    throw new SignerError(`document signer ${signer.keyId} has no key for ES256`, { retryable: false });
  const { notBefore, notAfter, country, stateOrProvinceName } = mobileCertificateFacts(certificate);
  const place = { country, ...(stateOrProvinceName === undefined ? {} : { stateOrProvinceName }) };
  return { signer, certificate, place, notBefore, notAfter };
}
