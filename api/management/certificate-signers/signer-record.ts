import { mobileCertificateFacts } from '../../../keys/certificate-facts.js';
import { toPem } from '../../../keys/certificate-pem.js';
import type { CertificateSignerDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { SignerResource } from './signer-resource.js';
import type { SignerView } from './signer.schema.js';

/** The record as the API shows it. */
export function toView({ _id, active, iacaId, csrPem, certificate, revokedAt }: CertificateSignerDocument): SignerView {
  return {
    id: _id,
    active,
    iacaId,
    ...(csrPem === undefined ? {} : { csrPem }),
    ...(certificate === undefined ? {} : certificateView(certificate)),
    ...(revokedAt === undefined ? {} : { revokedAt: new Date(revokedAt).toISOString() }),
  };
}

/** @throws {ManagementError} 404 */
export async function requireSigner(
  { db }: ApiContext,
  { kind }: SignerResource,
  id: string,
): Promise<CertificateSignerDocument> {
  const signer = await db.certificateSigners.findOne({ _id: id, issuerId: DEFAULT_ISSUER_ID, kind });
  if (signer === null) throw ManagementError.notFound('id', id);
  return signer;
}

function certificateView(certificate: string): Partial<SignerView> {
  const { fingerprint, serialNumber: _serial, notBefore, notAfter, ...names } = mobileCertificateFacts(certificate);
  return {
    certificatePem: toPem('CERTIFICATE', certificate),
    certificateData: {
      notBefore: new Date(notBefore).toISOString(),
      notAfter: new Date(notAfter).toISOString(),
      ...names,
    },
    certificateFingerprint: fingerprint,
  };
}
