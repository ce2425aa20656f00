import { createHash, createPublicKey, generateKeyPairSync, verify, X509Certificate } from 'node:crypto';
import { SDJwtVcInstance, type TypeMetadataFormat } from '@sd-jwt/sd-jwt-vc';
import { mapClaims, type ClaimMappings } from '../../../credentials/claim-mapping.js';
import { issueSdJwtVc } from '../../../credentials/sd-jwt-vc/issue.js';
import type { IssuedCredential, IssueInput } from '../../../credentials/credential-format.js';
import type { Signer } from '../../../keys/signer.js';
import type { SdJwtConfigurationDocument } from '../../../store/configuration-documents.js';
import { ISSUER, NOW } from '../../keys/issuer-keys.js';
import { signersWith } from '../../keys/test-signers.js';

/** A holder's key pair's public half, as a wallet proves it. */
export function holderJwk(): Record<string, string> {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) as Record<string, string>;
}

export function configurationOf(
  claimMappings: ClaimMappings,
  more: Partial<SdJwtConfigurationDocument> = {},
): SdJwtConfigurationDocument {
  return {
    _id: '6a0b1b3e-3f0a-4c55-9a2e-4b1c6a2f7d10',
    issuerId: 'default',
    profile: 'sd-jwt',
    type: 'employee',
    claimMappings,
    holderBinding: true,
    createdAt: new Date(NOW),
    updatedAt: new Date(NOW),
    ...more,
  };
}

/** Maps and issues as an issuance does. */
export function issue(
  signer: Signer,
  configuration: SdJwtConfigurationDocument,
  claims: Readonly<Record<string, unknown>>,
  more: Partial<IssueInput<SdJwtConfigurationDocument>> = {},
): Promise<IssuedCredential<string>> {
  return issueSdJwtVc({
    configuration,
    claims: mapClaims({ mappings: configuration.claimMappings, source: { claims } }).claims,
    holderKey: holderJwk(),
    source: { claims },
    signers: signersWith({ x509: () => signer }),
    credentialId: '8c6f3d0e-8a5f-4d0a-9a58-2f2c9d0f5b11',
    issuer: { identifier: ISSUER },
    now: NOW,
    ...more,
  });
}

/** A mapping of each name from the claim of that name. */
export function fromClaims(...names: string[]): ClaimMappings {
  return Object.fromEntries(names.map((name) => [name, { mapFrom: `claims.${name}` }]));
}

/** A verifier that shares no code with the issuer: it takes the key from the header's certificate. */
export function independentVerifier(typeMetadata?: TypeMetadataFormat): SDJwtVcInstance {
  return new SDJwtVcInstance({
    hashAlg: 'sha-256',
    hasher: (data) =>
      createHash('sha256')
        .update(typeof data === 'string' ? data : new Uint8Array(data))
        .digest(),
    verifier: (data, signature) => {
      const { x5c } = decodePart(data, 0) as { x5c: string[] };
      const key = new X509Certificate(Buffer.from(x5c[0]!, 'base64')).publicKey;
      return verify('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
    },
    ...(typeMetadata === undefined ? {} : { loadTypeMetadataFormat: true, vctFetcher: () => Promise.resolve(typeMetadata) }),
  });
}

/** What a holder shows: the credential with only the disclosures that the frame names. */
export async function present(credential: string, frame: Record<string, unknown>): Promise<string> {
  return independentVerifier().present(credential, frame as never);
}

/** The claims that a verifier learns. */
export async function verifiedClaims(credential: string, at: number = NOW): Promise<Record<string, unknown>> {
  const { payload } = await independentVerifier().verify(credential, { currentDate: Math.floor(at / 1000) });
  return payload;
}

export function headerOf(credential: string): Record<string, unknown> {
  return decodePart(credential.split('~')[0]!, 0);
}

/** The payload as it was signed, digests and all. */
export function payloadOf(credential: string): Record<string, unknown> {
  return decodePart(credential.split('~')[0]!, 1);
}

/** Each disclosure, decoded: `[salt, name, value]` or `[salt, value]`. */
export function disclosuresOf(credential: string): [salt: string, ...rest: unknown[]][] {
  return credential
    .split('~')
    .slice(1, -1)
    .map((disclosure) => JSON.parse(Buffer.from(disclosure, 'base64url').toString()) as [string, ...unknown[]]);
}

export function verifiesWith(credential: string, jwk: Readonly<Record<string, unknown>>): boolean {
  const [header, payload, signature] = credential.split('~')[0]!.split('.') as [string, string, string];
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}

function decodePart(jwt: string, part: number): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[part]!, 'base64url').toString()) as Record<string, unknown>;
}
