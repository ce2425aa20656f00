import { createLeafCertificate, createRootCertificate } from '../../keys/certificates.js';
import { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { createLocalSigner } from '../../keys/local-signer.js';
import type { Signer } from '../../keys/signer.js';
import { createSigningKey } from '../../keys/signing-key.js';
import type { SigningKeyDocument } from '../../store/documents.js';

export const NOW = Date.parse('2026-03-14T15:09:26.535Z');
export const ISSUER = 'https://issuer.example/t1';
const SUBJECT = { issuerName: 'Ministry of Tests', country: 'NZ' };

export interface IssuerKeys {
  readonly ring: KeyEncryptionRing;
  readonly root: SigningKeyDocument;
  readonly leaf: SigningKeyDocument;
  readonly accessToken: SigningKeyDocument;
  /** Of the leaf. */
  readonly signer: Signer;
}

/** Real keys of an issuer: root, credential-signing leaf and access-token key. */
export async function makeIssuerKeys({
  now = NOW,
  subject = SUBJECT,
  host = 'issuer.example',
  identifier = ISSUER,
}: {
  now?: number;
  subject?: typeof SUBJECT;
  host?: string;
  identifier?: string;
} = {}): Promise<IssuerKeys> {
  const ring = new KeyEncryptionRing([new Uint8Array(32).map((_, index) => index)]);
  const common = { issuerId: 'default', generation: 1, state: 'active', ring, now } as const;
  const root = await createSigningKey({
    ...common,
    purpose: 'root-certificate',
    certificate: async (signer) => [await createRootCertificate({ signer, ...subject, now })],
  });
  const leaf = await makeLeaf({ root, ring, now, subject, host, identifier });
  const accessToken = await createSigningKey({ ...common, purpose: 'access-token' });
  return { ring, root, leaf, accessToken, signer: createLocalSigner({ document: leaf, ring }) };
}

/** A further leaf under the same root. */
export async function makeLeaf({
  root,
  ring,
  now = NOW,
  subject = SUBJECT,
  host = 'issuer.example',
  identifier = ISSUER,
  generation = 1,
}: {
  root: SigningKeyDocument;
  ring: KeyEncryptionRing;
  now?: number;
  subject?: typeof SUBJECT;
  host?: string;
  identifier?: string;
  generation?: number;
}): Promise<SigningKeyDocument> {
  const rootOfTrust = { signer: createLocalSigner({ document: root, ring }), certificate: root.certificateChain[0]! };
  return createSigningKey({
    issuerId: 'default',
    purpose: 'credential-signing',
    generation,
    state: 'active',
    ring,
    now,
    certificate: async ({ publicJwk }) => [
      await createLeafCertificate({ root: rootOfTrust, publicJwk, ...subject, host, identifier, now }),
    ],
  });
}

export function toPem(base64Der: string): string {
  return `-----BEGIN CERTIFICATE-----\n${base64Der.match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`;
}
