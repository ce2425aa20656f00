import { bareJwk } from '../../keys/public-jwk.js';
import type { CompactConfigurationDocument } from '../../store/configuration-documents.js';
import { CredentialContentError } from '../credential-content-error.js';
import type { IssuedCredential, IssueInput } from '../credential-format.js';
import { credentialTimes } from '../credential-times.js';
import type { CompactClaims } from './compact-claims.js';
import { semanticClaim } from './semantic.js';
import { signCompact } from './sign-compact.js';

/**
 * Issues one compact credential: a CWT with the claims beside its type, or under `vc` as a W3C credential.
 *
 * @throws {CredentialContentError} when the claims or the configuration allow no credential
 * @throws {SignerError} when the key cannot be used now
 */
export async function issueCompact(input: IssueInput<CompactConfigurationDocument>): Promise<IssuedCredential<string>> {
  const { configuration, signers, credentialId, status, now } = input;
  const { profile, expiresIn, issuerDid } = configuration;
  const assertion = signers.assertion('ES256', issuerDid);
  // The key of a DID has no certificate that would end.
  const { issuedAt, expiresAt } = credentialTimes({ now, expiresIn, notAfter: Infinity });
  const claims: CompactClaims = {
    ...ownClaims(input),
    iss: assertion.did,
    nbf: issuedAt,
    iat: issuedAt,
    ...(expiresAt === undefined ? {} : { exp: expiresAt }),
    jti: credentialId,
    ...(configuration.holderBinding ? { cnf: confirmation(input.holderKey) } : {}),
    ...(status === undefined ? {} : { status: { url: status.uri, index: status.index } }),
  };
  const { encoded } = await signCompact({ profile, claims, assertion });
  return {
    credential: encoded,
    keyId: assertion.signer.keyId,
    validFrom: new Date(issuedAt * 1000),
    ...(expiresAt === undefined ? {} : { validUntil: new Date(expiresAt * 1000) }),
  };
}

function ownClaims({
  configuration: { profile, type, types = [type] },
  claims,
}: IssueInput<CompactConfigurationDocument>): Readonly<Record<string, unknown>> {
  return profile === 'compact' ? { ...claims, type } : { vc: semanticClaim({ types, credentialSubject: claims }) };
}

function confirmation(holderKey: IssueInput['holderKey']): { jwk: Record<string, string> } {
  if (holderKey === null)
    throw new CredentialContentError('the configuration binds its credentials to a key, and none was given');
  try {
    return { jwk: bareJwk(holderKey) };
  } catch (cause) {
    throw new CredentialContentError('the holder key is no public key that a credential can be bound to', { cause });
  }
}
