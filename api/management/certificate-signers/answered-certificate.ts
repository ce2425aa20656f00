import { mobileCertificateFacts } from '../../../keys/certificate-facts.js';
import { readCertificatePem } from '../../../keys/certificate-pem.js';
import { signerFaults } from '../../../keys/iaca-signer-faults.js';
import type { CertificateSignerDocument, IacaDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError, UnavailableError } from '../../http/errors.js';
import { findIaca } from '../iacas/iaca-record.js';

type Answered = Pick<CertificateSignerDocument, 'certificate' | 'notBefore' | 'notAfter' | 'serialNumber'>;

/**
 * What an update gives the signer as its certificate, checked; nothing where it keeps the one it has. That is checked
 * again before it is used.
 *
 * @throws {ManagementError} 400 with every fault
 */
export async function answeredCertificate(
  context: ApiContext,
  {
    signer,
    update: { active, certificatePem },
  }: { signer: CertificateSignerDocument; update: { active: boolean; certificatePem?: string } },
): Promise<Answered> {
  if (certificatePem === undefined && !active) return {};
  const certificate = certificatePem === undefined ? signer.certificate : read(certificatePem);
  if (certificate === undefined) throw refusal(['is required: the signer has no certificate yet']);
  const faults = await faultsOf(context, signer, certificate);
  if (faults.length > 0) throw refusal(faults);
  const { notBefore, notAfter, serialNumber } = mobileCertificateFacts(certificate);
  return { certificate, notBefore, notAfter, serialNumber };
}

async function faultsOf(context: ApiContext, signer: CertificateSignerDocument, certificate: string): Promise<string[]> {
  const { kind, iacaId, keyRef } = signer;
  const iaca: IacaDocument | null = await findIaca(context, iacaId);
  const key = await context.db.signingKeys.findOne({ _id: keyRef, issuerId: DEFAULT_ISSUER_ID });
  if (iaca === null || key === null) throw new UnavailableError('The signer is being deleted with its IACA');
  const { publicJwk } = key;
  const { STATUS_SIGNING_USAGE: statusSigningUsage } = context.config;
  const answer = { kind, certificate, iacaCertificate: iaca.certificate, publicJwk };
  return signerFaults({ ...answer, statusSigningUsage, now: context.now() });
}

function read(pem: string): string {
  const read = readCertificatePem(pem);
  if ('fault' in read) throw refusal([read.fault]);
  return read.certificate;
}

function refusal(faults: readonly string[]): ManagementError {
  return ManagementError.validation(faults.map((msg) => ({ msg, param: 'certificatePem', location: 'body' })));
}
