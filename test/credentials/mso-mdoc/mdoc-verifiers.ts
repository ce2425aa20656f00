import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import * as animo from '@animo-id/mdoc';
import * as auth0 from '@auth0/mdl';
import * as owf from '@owf/mdoc';
import type { HolderKeys } from './test-mdoc.js';

/** What a verifier read: values by namespace and element. Dates are text, bytes are base64. */
export type ReadValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface VerifierInput {
  /** Base64url, as the issuer gave it. */
  readonly credential: string;
  /** Base64 DER of the root that is trusted. */
  readonly root: string;
  readonly docType: string;
  readonly holder: HolderKeys;
  /** Milliseconds since the epoch. `@auth0/mdl` goes by the clock. */
  readonly now: number;
}

export type MdocVerifier = (input: VerifierInput) => Promise<ReadValues>;

/** Three implementations that share no code with the issuer; each throws where anything is wrong. */
export const VERIFIERS: readonly (readonly [string, MdocVerifier])[] = [
  ['@animo-id/mdoc 0.5', verifyWithAnimo],
  ['@owf/mdoc 0.6', verifyWithOwf],
  ['@auth0/mdl 3.0', verifyWithAuth0],
];

/** By the numbers of COSE. */
const CURVES: Readonly<Record<number, string>> = { 1: 'P-256', 2: 'P-384', 3: 'P-521', 6: 'Ed25519' };
const DIGESTS: Readonly<Record<string, string | null>> = { ES256: 'sha256', ES384: 'sha384', EdDSA: null };

export async function verifyWithAnimo({ credential, root, docType, holder, now }: VerifierInput): Promise<ReadValues> {
  const failures: string[] = [];
  const onCheckG: animo.VerificationCallback = ({ status, check, reason }) => {
    if (status !== 'PASSED') failures.push(`${check}: ${reason ?? ''}`);
  };
  const document = animo.parseIssuerSigned(bytesOf(credential), docType);
  const { issuerAuth } = document.issuerSigned;
  const verifier = new animo.Verifier();
  await verifier.verifyIssuerSignature(
    { issuerAuth, trustedCertificates: [derOf(root)], now: new Date(now), disableCertificateChainValidation: false, onCheckG },
    { x509: animoContext.x509, cose: animoContext.cose },
  );
  await verifier.verifyData({ mdoc: document, onCheckG }, { x509: animoContext.x509, crypto: animoContext.crypto });
  if (failures.length > 0) throw new Error(failures.join('; '));
  const deviceKey = animo.COSEKey.import(issuerAuth.decodedPayload.deviceKeyInfo?.deviceKey ?? new Map()).toJWK();
  requireKey(deviceKey, holder);
  return readable(
    [...document.issuerSigned.nameSpaces].map(([namespace, items]) => [
      namespace,
      items.map(({ elementIdentifier, elementValue }) => [elementIdentifier, elementValue]),
    ]),
  );
}

export async function verifyWithOwf({ credential, root, docType, holder, now }: VerifierInput): Promise<ReadValues> {
  const failures: string[] = [];
  const issuerSigned = owf.IssuerSigned.fromEncodedForOid4Vci(credential);
  await issuerSigned.verify(
    {
      trustedCertificates: [derOf(root)],
      now: new Date(now),
      skewSeconds: 0,
      verificationCallback: ({ status, check, reason }) => {
        if (status !== 'PASSED') failures.push(`${check}: ${reason ?? ''}`);
      },
    },
    owfContext,
  );
  if (failures.length > 0) throw new Error(failures.join('; '));
  const { mobileSecurityObject } = issuerSigned.issuerAuth;
  if (mobileSecurityObject.docType !== docType) throw new Error('the docType is another');
  const { curve, x, y } = mobileSecurityObject.deviceKeyInfo.deviceKey;
  // Its own way to a JWK knows no P-384.
  const text = (bytes?: Uint8Array) => (bytes === undefined ? undefined : Buffer.from(bytes).toString('base64url'));
  requireKey({ kty: y === undefined ? 'OKP' : 'EC', crv: CURVES[curve ?? 0], x: text(x), y: text(y) }, holder);
  return readable(
    [...issuerSigned.issuerNamespaces.issuerNamespaces].map(([namespace, items]) => [
      namespace,
      items.map(({ elementIdentifier, elementValue }) => [elementIdentifier, elementValue]),
    ]),
  );
}

/** It verifies presentations only: the holder shows everything, signed with the device key (P-256). */
export async function verifyWithAuth0({ credential, root, docType, holder }: VerifierInput): Promise<ReadValues> {
  const wrapped = animo.cborEncode(
    new Map<string, unknown>([
      ['version', '1.0'],
      [
        'documents',
        [
          new Map<string, unknown>([
            ['docType', docType],
            ['issuerSigned', animo.cborDecode(bytesOf(credential))],
          ]),
        ],
      ],
      ['status', 0],
    ]),
  );
  const mdoc = auth0.parse(Buffer.from(wrapped));
  const namespaces = mdoc.documents[0]!.issuerSigned.nameSpaces;
  const fields = Object.entries(namespaces).flatMap(([namespace, items]) =>
    items.map(({ elementIdentifier }) => ({ path: [`$['${namespace}']['${elementIdentifier}']`], intent_to_retain: false })),
  );
  const definition = {
    id: 'all',
    input_descriptors: [
      { id: docType, format: { mso_mdoc: { alg: ['ES256'] } }, constraints: { limit_disclosure: 'required', fields } },
    ],
  };
  const encodedSessionTranscript = Buffer.from(animo.cborEncode(animo.DataItem.fromData([null, null, ['handover']])));
  const response = await auth0.DeviceResponse.from(mdoc)
    .usingPresentationDefinition(definition)
    .usingSessionTranscriptBytes(encodedSessionTranscript)
    .authenticateWithSignature({ ...holder.privateJwk, alg: 'ES256' }, 'ES256')
    .sign();
  const verified = await new auth0.Verifier([pemOf(root)]).verify(response.encode(), {
    encodedSessionTranscript,
    onCheck: ({ status, check, reason }) => {
      if (status === 'FAILED') throw new Error(`${check}: ${reason ?? ''}`);
    },
  });
  return readable(
    Object.entries(verified.documents[0]!.issuerSigned.nameSpaces).map(([namespace, items]) => [
      namespace,
      items.map(({ elementIdentifier, elementValue }) => [elementIdentifier, elementValue]),
    ]),
  );
}

const verifyChain = ({ trustedCertificates, x5chain }: { trustedCertificates: Uint8Array[]; x5chain: Uint8Array[] }) => {
  const [leaf, ...others] = x5chain.map((der) => new X509Certificate(der));
  const roots = trustedCertificates.map((der) => new X509Certificate(der));
  if (others.length > 0) throw new Error('the chain is longer than the document signer');
  if (!roots.some((root) => leaf!.checkIssued(root) && leaf!.verify(root.publicKey))) throw new Error('the chain is not trusted');
};

const certificateData = ({ certificate }: { certificate: Uint8Array }) => {
  const parsed = new X509Certificate(certificate);
  return {
    issuerName: parsed.issuer,
    subjectName: parsed.subject,
    serialNumber: parsed.serialNumber,
    thumbprint: parsed.fingerprint256,
    notBefore: new Date(parsed.validFrom),
    notAfter: new Date(parsed.validTo),
    pem: parsed.toString(),
  };
};

const nameField = ({ certificate, field }: { certificate: Uint8Array; field: string }) =>
  new X509Certificate(certificate).issuer
    .split('\n')
    .flatMap((line) => (line.startsWith(`${field}=`) ? [line.slice(field.length + 1)] : []));

const publicJwk = (certificate: Uint8Array) => new X509Certificate(certificate).publicKey.export({ format: 'jwk' });

const digest = ({ digestAlgorithm, bytes }: { digestAlgorithm: string; bytes: Uint8Array }) =>
  new Uint8Array(createHash(digestAlgorithm.replace('-', '').toLowerCase()).update(bytes).digest());

const unused = (): never => {
  throw new Error('this is not for verifiers');
};

const signatureIsValid = (data: Uint8Array, signature: Uint8Array, alg: string, jwk: Record<string, unknown>) =>
  verify(DIGESTS[alg], data, { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, signature);

const animoContext: animo.MdocContext = {
  crypto: { random: unused, digest, calculateEphemeralMacKeyJwk: unused },
  cose: {
    sign1: {
      sign: unused,
      verify: ({ sign1, jwk }) => {
        const { data, signature, alg } = sign1.getRawVerificationData();
        return signatureIsValid(data, signature, alg, jwk);
      },
    },
    mac0: { sign: unused, verify: unused },
  },
  x509: {
    getIssuerNameField: nameField,
    getPublicKey: ({ certificate }) => publicJwk(certificate),
    validateCertificateChain: verifyChain,
    getCertificateData: certificateData,
  },
};

const owfContext: owf.MdocContext = {
  crypto: { random: unused, digest, calculateEphemeralMacKey: unused },
  cose: {
    sign1: {
      sign: unused,
      verify: ({ sign1, key }) => signatureIsValid(sign1.toBeSigned, sign1.signature, sign1.signatureAlgorithmName, key.jwk),
    },
    mac0: { sign: unused, verify: unused },
  },
  x509: {
    getIssuerNameField: nameField,
    getPublicKey: ({ certificate }) => owf.CoseKey.fromJwk(publicJwk(certificate)),
    verifyCertificateChain: verifyChain,
    getCertificateData: certificateData,
  },
};

function requireKey({ kty, crv, x, y }: Record<string, unknown>, { publicJwk: key }: HolderKeys): void {
  if (kty !== key.kty || crv !== key.crv || x !== key.x || y !== key.y) throw new Error("it is bound to another's key");
}

type Items = readonly (readonly [string, readonly (readonly [string, unknown])[]])[];

function readable(items: Items): ReadValues {
  return Object.fromEntries(
    items.map(([namespace, elements]) => [
      namespace,
      Object.fromEntries(elements.map(([element, value]) => [element, plain(value)])),
    ]),
  );
}

/** A library's value as JSON. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, member]) => [name as string, plain(member)]));
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  // The libraries have classes of their own for dates without a time; they write the date alone.
  if (value.constructor.name.endsWith('DateOnly')) return (value as Date).toISOString().slice(0, 10);
  if (value instanceof Date) return `${value.toISOString().slice(0, 19)}Z`;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

function bytesOf(credential: string): Uint8Array {
  return new Uint8Array(Buffer.from(credential, 'base64url'));
}

function derOf(certificate: string): Uint8Array {
  return new Uint8Array(Buffer.from(certificate, 'base64'));
}

function pemOf(certificate: string): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}
