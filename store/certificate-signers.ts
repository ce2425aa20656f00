import { mobileCertificateFacts } from '../keys/certificate-facts.js';
import { hostCommonName, type MobileSubject } from '../keys/certificate-names.js';
import { createSignerCertificate } from '../keys/iaca-certificates.js';
import type { SignerKind } from '../keys/iaca-signer-usage.js';
import { openIaca, recordKey } from './certificate-keys.js';
import { isDuplicateKey } from './database.js';
import { derivedUuid } from './derived-uuid.js';
import type { CertificateSignerDocument, IacaDocument } from './identity-documents.js';
import type { KeyScope } from './signing-keys.js';

/** Where the revocation list of a managed IACA is served. */
export function crlUrl({ identifier }: Pick<KeyScope, 'identifier'>, iacaId: string): string {
  return `${identifier}/v2/credentials/mobile/iacas/${iacaId}/crl`;
}

const TITLES: Readonly<Record<SignerKind, string>> = {
  'document-signer': 'Document Signer',
  'mobile-status-signer': 'Status List Signer',
};

/** The name of a signer under an IACA: the country, and the state if any, have to be the same (ISO 18013-5 B.1.4). */
export function signerSubject(
  { host }: Pick<KeyScope, 'host'>,
  { country, stateOrProvinceName }: Pick<IacaDocument, 'country' | 'stateOrProvinceName'>,
  kind: SignerKind,
): MobileSubject {
  return {
    country,
    ...(stateOrProvinceName === undefined ? {} : { stateOrProvinceName }),
    commonName: hostCommonName(host, TITLES[kind]),
  };
}

/**
 * Makes the signer of a generation under a managed IACA. Safe to repeat: where somebody else made it first, theirs
 * stands; where a process died in between, its key is used.
 *
 * @throws {SignerError}
 */
export async function addManagedSigner(
  scope: KeyScope,
  { iaca, kind, generation }: { iaca: IacaDocument; kind: SignerKind; generation: number },
): Promise<void> {
  const { db, issuerId, identifier, now } = scope;
  const _id = signerId(iaca, kind, generation);
  const key = await recordKey(scope, { purpose: kind, recordId: _id });
  const certificate = await createSignerCertificate({
    kind,
    iaca: await openIaca(scope, iaca),
    publicJwk: key.publicJwk,
    subject: signerSubject(scope, iaca, kind),
    identifier,
    crlUrl: crlUrl(scope, iaca._id),
    statusSigningUsage: scope.statusSigningUsage,
    now,
  });
  const { notBefore, notAfter, serialNumber } = mobileCertificateFacts(certificate);
  const createdAt = new Date(now);
  const record = { _id, issuerId, kind, iacaId: iaca._id, keyRef: key._id, active: true, generation };
  const signer: CertificateSignerDocument = {
    ...record,
    certificate,
    notBefore,
    notAfter,
    serialNumber,
    createdAt,
    updatedAt: createdAt,
  };
  try {
    await db.certificateSigners.insertOne(signer);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

/** The same for all who make it. */
function signerId({ _id }: IacaDocument, kind: SignerKind, generation: number): string {
  return derivedUuid(`${_id}/${kind}/${generation}`);
}
