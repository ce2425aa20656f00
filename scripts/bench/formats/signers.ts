import { generateKeyPairSync } from 'node:crypto';
import { createLeafCertificate, createRootCertificate } from '../../../keys/certificates.js';
import type { CredentialSigners } from '../../../keys/credential-signers.js';
import { createIacaCertificate, createSignerCertificate } from '../../../keys/iaca-certificates.js';
import { signerOf } from '../../../keys/local-signer.js';
import type { Signer } from '../../../keys/signer.js';

export const ISSUER = 'https://issuer.example';
const DID = 'did:web:issuer.example';
const DAY_MS = 86_400_000;

/** An issuer's signers with fresh local keys and real certificates. */
export async function freshSigners(now: number): Promise<CredentialSigners> {
  const x509 = await certified(now);
  const document = await documentSigner(now);
  const assertions = { ES256: es256(), EdDSA: signerOf({ privateKey: generateKeyPairSync('ed25519').privateKey }) };
  return {
    x509: () => x509,
    statusList: () => x509,
    assertion: (algorithm) => {
      const signer = assertions[algorithm];
      return { signer, did: DID, verificationMethod: `${DID}#${signer.keyId}` };
    },
    documentSigner: () => document,
    mobileStatusSigner: () => document,
  };
}

function es256(certificateChain: readonly string[] = []): Signer {
  return signerOf({ privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, certificateChain });
}

async function certified(now: number): Promise<Signer> {
  const subject = { issuerName: 'Bench', country: 'NZ' };
  const root = es256();
  const certificate = await createRootCertificate({ signer: root, ...subject, now });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { publicJwk } = signerOf({ privateKey });
  const place = { host: 'issuer.example', identifier: ISSUER, now };
  const leaf = await createLeafCertificate({ root: { signer: root, certificate }, publicJwk, ...subject, ...place });
  return signerOf({ privateKey, certificateChain: [leaf] });
}

async function documentSigner(now: number): Promise<Signer> {
  const signer = es256();
  const place = { identifier: ISSUER, crlUrl: `${ISSUER}/crl` };
  const subject = { country: 'NZ', commonName: 'Bench IACA' };
  const certificate = await createIacaCertificate({
    signer,
    subject,
    notBefore: now - DAY_MS,
    notAfter: now + 3650 * DAY_MS,
    ...place,
  });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { publicJwk } = signerOf({ privateKey });
  const chain = await createSignerCertificate({
    kind: 'document-signer',
    iaca: { signer, certificate },
    publicJwk,
    subject: { country: 'NZ', commonName: 'Bench Document Signer' },
    now,
    ...place,
  });
  return signerOf({ privateKey, certificateChain: [chain] });
}
