import type { AssertionSigner } from '../../keys/credential-signers.js';
import type { JwtVcConfigurationDocument } from '../../store/configuration-documents.js';
import type { IssuedCredential, IssueInput } from '../credential-format.js';
import { credentialTimes, type CredentialTimes } from '../credential-times.js';
import { CORE_CONTEXTS } from '../verifiable-credential/core-context.js';
import { credentialDocument, type CredentialDocument, type JsonObject } from '../verifiable-credential/credential-document.js';
import { bareHolderKey } from '../verifiable-credential/holder-did.js';
import { checkIssued } from './check-issued.js';

/** Defines `BitstringStatusListEntry` for VCDM 1.1; the core context of 2.0 does so itself. */
const STATUS_CONTEXT = 'https://www.w3.org/ns/credentials/status/v1';

/**
 * Issues one W3C credential as a JWT: in VCDM 1.1 by its section 6.3.1, with `issuer`, `id` and the dates in `vc` as well,
 * since some verifiers look there; in VCDM 2.0 by VC-JOSE-COSE. It is checked before it leaves.
 *
 * @throws {CredentialContentError} when the claims or the configuration allow no credential
 * @throws {SignerError} when the key cannot be used now
 */
export async function issueJwtVc(input: IssueInput<JwtVcConfigurationDocument>): Promise<IssuedCredential<string>> {
  const { configuration, now } = input;
  const { signer, did, verificationMethod } = input.signers.assertion('ES256', configuration.issuerDid);
  const times = credentialTimes({ now, expiresIn: configuration.expiresIn, notAfter: Infinity });
  const contexts = contextsOf(configuration);
  const credential = credentialDocument({ input, contexts, issuer: did, times });
  const payload = payloadOf(credential, input, times);
  const typ = configuration.vcdmVersion === '1.1' ? { typ: 'JWT' } : { typ: 'vc+jwt', cty: 'vc' };
  const jwt = await signJwt(signer, { ...typ, alg: signer.algorithm, kid: verificationMethod }, payload);
  await checkIssued({ jwt, signer, payload });
  return {
    credential: jwt,
    keyId: signer.keyId,
    validFrom: new Date(times.issuedAt * 1000),
    ...(times.expiresAt === undefined ? {} : { validUntil: new Date(times.expiresAt * 1000) }),
  };
}

function contextsOf({ vcdmVersion, contexts, status }: JwtVcConfigurationDocument): string[] {
  return [CORE_CONTEXTS[vcdmVersion], ...contexts, ...(status !== undefined && vcdmVersion === '1.1' ? [STATUS_CONTEXT] : [])];
}

/** The claims of JWT beside the credential, or around it. */
function payloadOf(
  credential: CredentialDocument,
  { configuration, holderKey }: Pick<IssueInput<JwtVcConfigurationDocument>, 'configuration' | 'holderKey'>,
  { issuedAt, expiresAt }: CredentialTimes,
): JsonObject {
  const { id, issuer, credentialSubject } = credential;
  const registered = {
    iss: issuer,
    ...(credentialSubject.id === undefined ? {} : { sub: credentialSubject.id }),
    ...(id === undefined ? {} : { jti: id }),
    iat: issuedAt,
    ...(configuration.vcdmVersion === '1.1' ? { nbf: issuedAt } : {}),
    ...(expiresAt === undefined ? {} : { exp: expiresAt }),
    ...(configuration.holderBinding && holderKey !== null ? { cnf: { jwk: bareHolderKey(holderKey) } } : {}),
  };
  return configuration.vcdmVersion === '1.1' ? { ...registered, vc: credential } : { ...registered, ...credential };
}

async function signJwt(signer: AssertionSigner['signer'], header: JsonObject, payload: JsonObject): Promise<string> {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${Buffer.from(await signer.sign(Buffer.from(signed))).toString('base64url')}`;
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
