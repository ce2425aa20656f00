import { randomBytes } from 'node:crypto';
import { readCertificate } from '../../keys/certificates.js';
import { bareJwk } from '../../keys/public-jwk.js';
import { SignerError, type Signer } from '../../keys/signer.js';
import { claimTree, type ClaimNode } from '../claim-tree.js';
import { CredentialContentError } from '../credential-content-error.js';
import type { SdJwtConfigurationDocument } from '../../store/configuration-documents.js';
import type { IssuedCredential, IssueInput } from '../credential-format.js';
import { credentialTimes, type CredentialTimes } from '../credential-times.js';
import { unusableClaims } from '../unusable-claims.js';
import { checkIssued } from './check-issued.js';
import { conceal } from './conceal.js';
import { typeMetadataIntegrity } from './type-metadata.js';
import { vctOf } from './vct.js';

/**
 * Issues one SD-JWT VC (SDJWTVC, RFC 9901): claims disclosable as the configuration's mappings say, bound to the holder's
 * key, signed with the chain without its root in `x5c` (HAP-15). It is checked before it leaves.
 *
 * @throws {CredentialContentError} when the claims or the configuration allow no credential
 * @throws {SignerError} when the key cannot be used now
 */
export async function issueSdJwtVc({
  configuration,
  claims,
  holderKey,
  signers,
  issuer,
  status,
  now,
  random = randomBytes,
}: IssueInput<SdJwtConfigurationDocument>): Promise<IssuedCredential<string>> {
  const signer = signers.x509();
  const typ = configuration.legacyFormat === true ? 'vc+sd-jwt' : 'dc+sd-jwt';
  const tree = claimTree(configuration.claimMappings);
  checkClaims(tree, claims);
  const times = credentialTimes({ now, expiresIn: configuration.expiresIn, notAfter: usableUntil(signer, now) });
  const { payload, disclosures } = conceal({ tree, claims, decoys: configuration.decoyDigests ?? 0, random });
  const jwt = await signJwt(signer, typ, {
    iss: issuer.identifier,
    ...timeClaims(times),
    vct: vctOf({ configuration, issuerIdentifier: issuer.identifier }),
    ...integrity(configuration, issuer.identifier),
    ...(configuration.holderBinding ? { cnf: confirmation(holderKey) } : {}),
    ...(status === undefined ? {} : { status: { status_list: { idx: status.index, uri: status.uri } } }),
    ...payload,
    ...(payload._sd === undefined && disclosures.length === 0 ? {} : { _sd_alg: 'sha-256' }),
  });
  const credential = [jwt, ...disclosures, ''].join('~');
  await checkIssued({ credential, tree, claims, signer });
  return {
    credential,
    keyId: signer.keyId,
    ...(times.expiresAt === undefined ? {} : { validUntil: new Date(times.expiresAt * 1000) }),
  };
}

function checkClaims(tree: ClaimNode, claims: IssueInput['claims']): void {
  const unusable = unusableClaims(tree, claims);
  if (unusable.length > 0) throw new CredentialContentError(`no credential can carry the value of ${unusable.join(', ')}`);
}

/** SDV-01: typed, with the chain and, for those who look the key up at the issuer (SDV-05), its id. */
async function signJwt(signer: Signer, typ: string, payload: object): Promise<string> {
  const header = { typ, alg: signer.algorithm, kid: signer.keyId, x5c: signer.certificateChain };
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${Buffer.from(await signer.sign(Buffer.from(input))).toString('base64url')}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** SDV-10 */
function integrity(configuration: SdJwtConfigurationDocument, issuerIdentifier: string): Record<string, string> {
  return configuration.vctIntegrity === true
    ? { 'vct#integrity': typeMetadataIntegrity({ configuration, issuerIdentifier }) }
    : {};
}

function timeClaims({ issuedAt, expiresAt }: CredentialTimes): Record<string, number> {
  return { iat: issuedAt, nbf: issuedAt, ...(expiresAt === undefined ? {} : { exp: expiresAt }) };
}

/** The holder's bare public key, and nothing beside it (SDV-04). */
function confirmation(holderKey: IssueInput['holderKey']): { jwk: Record<string, string> } {
  if (holderKey === null)
    throw new CredentialContentError('the configuration binds its credentials to a key, and none was given');
  try {
    return { jwk: bareJwk(holderKey) };
  } catch (cause) {
    throw new CredentialContentError('the holder key is no public key that a credential can be bound to', { cause });
  }
}

const certificateEnds = new WeakMap<Signer, number>();

/**
 * When the signing certificate ends, in milliseconds since the epoch.
 *
 * @throws {SignerError} when it has ended, or there is none
 */
function usableUntil(signer: Signer, now: number): number {
  let notAfter = certificateEnds.get(signer);
  if (notAfter === undefined) {
    const [leaf] = signer.certificateChain;
    if (leaf === undefined) throw new SignerError(`signing key ${signer.keyId} has no certificate`, { retryable: false });
    notAfter = readCertificate(leaf).notAfter;
    certificateEnds.set(signer, notAfter);
  }
  // A new key takes over by itself, so waiting helps.
  if (notAfter <= now) throw new SignerError(`the certificate of signing key ${signer.keyId} has ended`, { retryable: true });
  return notAfter;
}
