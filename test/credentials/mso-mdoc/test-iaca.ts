import 'reflect-metadata';
import { createHash, createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import { signerOf } from '../../../keys/local-signer.js';
import type { Signer } from '../../../keys/signer.js';
import type { SigningKeyDocument } from '../../../store/documents.js';
import type { CertificateSignerDocument, IacaDocument } from '../../../store/identity-documents.js';

const DAY_MS = 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const CRL = 'https://issuer.example/iaca/crl';
/** id-mdl-kp-mdlDS */
const DOCUMENT_SIGNING = '1.0.18013.5.1.2';

export interface TestIaca {
  /** Base64 DER. */
  readonly certificate: string;
  readonly documentSigner: Signer;
  /** PKCS #8 of the document signer's key. */
  readonly pkcs8: Uint8Array;
  /** Milliseconds since the epoch: of the document signer. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly country: string;
}

/** A root and a document signer as ISO 18013-5 B.1 asks for, made by a library alone. */
export async function makeIaca({
  now,
  country = 'NZ',
  days = 450,
  backdatedMs = 2 * 3_600_000,
}: {
  now: number;
  country?: string;
  days?: number;
  backdatedMs?: number;
}): Promise<TestIaca> {
  const { subtle } = webcrypto;
  const newKeys = () => subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const [rootKeys, keys] = [await newKeys(), await newKeys()];
  const seconds = (time: number) => new Date(Math.floor(time / 1000) * 1000);
  const common = { signingAlgorithm: ALGORITHM, signingKey: rootKeys.privateKey, notBefore: seconds(now - backdatedMs) };
  const serialNumber = () => `5${randomBytes(18).toString('hex')}0`;
  const nameOf = (commonName: string) =>
    new x509.Name([{ C: [{ printableString: country }] }, { CN: [{ utf8String: commonName }] }]);
  const [issuer, subject] = [nameOf('Test IACA'), nameOf('Test Document Signer')];
  const publicKey = (key: webcrypto.CryptoKey) => x509.PublicKey.create(key);
  const shared = () => [
    new x509.IssuerAlternativeNameExtension([{ type: 'url', value: 'https://issuer.example' }]),
    new x509.CRLDistributionPointsExtension([CRL]),
  ];
  const rootKey = await publicKey(rootKeys.publicKey);
  const root = await x509.X509CertificateGenerator.create({
    ...common,
    serialNumber: serialNumber(),
    subject: issuer,
    issuer,
    publicKey: rootKey,
    notAfter: seconds(now + 3650 * DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(rootKey),
      ...shared(),
    ],
  });
  const key = await publicKey(keys.publicKey);
  const leaf = await x509.X509CertificateGenerator.create({
    ...common,
    serialNumber: serialNumber(),
    subject,
    issuer,
    publicKey: key,
    notAfter: seconds(now + days * DAY_MS),
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([DOCUMENT_SIGNING], true),
      await x509.SubjectKeyIdentifierExtension.create(key),
      await x509.AuthorityKeyIdentifierExtension.create(rootKey),
      ...shared(),
    ],
  });
  const pkcs8 = new Uint8Array(await subtle.exportKey('pkcs8', keys.privateKey));
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const base64 = (certificate: x509.X509Certificate) => Buffer.from(certificate.rawData).toString('base64');
  return {
    certificate: base64(root),
    documentSigner: signerOf({ privateKey, certificateChain: [base64(leaf)] }),
    pkcs8,
    notBefore: leaf.notBefore.getTime(),
    notAfter: leaf.notAfter.getTime(),
    country,
  };
}

/** The records by which an issuer has the root and its document signer in use, both active. */
export function iacaRecords(
  { certificate, documentSigner, pkcs8, notBefore, notAfter, country }: TestIaca,
  { ring, iacaId, signerId, now }: { ring: KeyEncryptionRing; iacaId: string; signerId: string; now: number },
): { iaca: IacaDocument; signer: CertificateSignerDocument; key: SigningKeyDocument } {
  const { keyId, publicJwk, algorithm, certificateChain } = documentSigner;
  const root = new x509.X509Certificate(certificate);
  const dates = { createdAt: new Date(now), updatedAt: new Date(now) };
  const keyRef = `default/document-signer/${signerId}`;
  return {
    iaca: {
      _id: iacaId,
      issuerId: 'default',
      active: true,
      isManaged: false,
      certificate,
      notBefore: root.notBefore.getTime(),
      notAfter: root.notAfter.getTime(),
      country,
      commonName: 'Test IACA',
      fingerprint: createHash('sha256').update(Buffer.from(certificate, 'base64')).digest('hex'),
      ...dates,
    },
    signer: {
      _id: signerId,
      issuerId: 'default',
      kind: 'document-signer',
      iacaId,
      keyRef,
      active: true,
      certificate: certificateChain[0]!,
      notBefore,
      notAfter,
      ...dates,
    },
    key: {
      _id: keyRef,
      issuerId: 'default',
      keyId,
      purpose: 'document-signer',
      generation: 1,
      algorithm,
      state: 'active',
      publicJwk,
      privateKey: ring.wrap(pkcs8, keyId),
      certificateChain,
      createdAt: new Date(now),
    },
  };
}
