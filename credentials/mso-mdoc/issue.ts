import { createHash, randomBytes } from 'node:crypto';
import { bareJwk } from '../../keys/public-jwk.js';
import type { MobileConfigurationDocument } from '../../store/configuration-documents.js';
import type { MobileDigests } from '../../store/documents.js';
import { CredentialContentError } from '../credential-content-error.js';
import type { IssuedCredential, IssueInput } from '../credential-format.js';
import type { HolderJwk } from '../holder-jwk.js';
import type { CborValue } from './cbor.js';
import { checkIssued } from './check-issued.js';
import { coseKeyOf } from './cose-key.js';
import { usableDocumentSigner } from './document-signer.js';
import { issuerSigned, signSecurityObject } from './issuer-signed.js';
import { foreignElements, type IssuingPlace } from './mdl-rules.js';
import { mobileElements, valueOf, type MobileElement } from './mobile-elements.js';
import { securityObject } from './security-object.js';
import { signedItems, type SignedItem } from './signed-items.js';
import { mobileValidity } from './validity.js';

/** Of a whole credential: a batch of them is kept in one record. */
const MOST_BYTES = 524_288;

/**
 * Issues one mdoc (ISO 18013-5, OID4VCI A.2): base64url of `IssuerSigned`, bound to the holder's key, signed by the document
 * signer in use. It is checked before it leaves.
 *
 * @throws {CredentialContentError} when the claims or the configuration allow no credential
 * @throws {SignerError} when the key cannot be used now
 */
export async function issueMdoc({
  configuration,
  claims: claimsByNamespace,
  source,
  holderKey,
  signers,
  status,
  now,
  random = randomBytes,
}: IssueInput<MobileConfigurationDocument>): Promise<IssuedCredential<string>> {
  const { signer, certificate, place, ...certified } = usableDocumentSigner(signers, now);
  const { type: docType } = configuration;
  const claims = usableClaims(configuration, claimsByNamespace);
  requireOwnPlace(claims, place);
  const key = requireKey(holderKey);
  const validity = mobileValidity({ configuration, source, certificate: certified, now });
  const items = signedItems({ elements: claims.map(({ element, encoded }) => ({ ...element, value: encoded })), random });
  const mso = securityObject({ docType, items, deviceKey: coseKeyOf(key), validity, status });
  const credential = issuerSigned(items, await signSecurityObject({ mso, signer, certificate }));
  if (credential.length > MOST_BYTES) throw new CredentialContentError(`the credential has more than ${MOST_BYTES} bytes`);
  await checkIssued(credential, { docType, claims, holderKey: key, validity, status, signer });
  return {
    credential: Buffer.from(credential).toString('base64url'),
    keyId: signer.keyId,
    validFrom: new Date(validity.validFrom * 1000),
    validUntil: new Date(validity.validUntil * 1000),
    mobileDigests: digestsOf({ mso, items, key }),
  };
}

interface UsableClaim {
  readonly element: MobileElement;
  /** JSON */
  readonly value: unknown;
  readonly encoded: CborValue;
}

function usableClaims({ claimMappings }: MobileConfigurationDocument, claims: IssueInput['claims']): readonly UsableClaim[] {
  const found = mobileElements(claimMappings).flatMap((element) => {
    const members = ownMember(claims, element.namespace);
    const value = typeof members === 'object' && members !== null ? ownMember(members, element.element) : undefined;
    return value === undefined ? [] : [{ element, value, encoded: valueOf(element, value) }];
  });
  const unusable = found.flatMap(({ element, encoded }) => (encoded === undefined ? [element.name] : []));
  if (unusable.length > 0) throw new CredentialContentError(`no credential can carry the value of ${unusable.join(', ')}`);
  if (found.length === 0) throw new CredentialContentError('none of the claims has a value, and an mdoc without any is none');
  return found as UsableClaim[];
}

/** Readers would refuse the credential otherwise. */
function requireOwnPlace(claims: readonly UsableClaim[], place: IssuingPlace): void {
  const foreign = foreignElements(claims, place);
  if (foreign.length > 0)
    throw new CredentialContentError(`${foreign.join(' and ')} is not what the certificate of the document signer says`);
}

function ownMember(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** MDC-08 */
function requireKey(holderKey: HolderJwk | null): HolderJwk {
  if (holderKey === null) throw new CredentialContentError('an mdoc is bound to a key, and none was given');
  return holderKey;
}

/** `msoHash` is of the MSO itself, without the tag that embeds it. */
function digestsOf({ mso, items, key }: { mso: Uint8Array; items: readonly SignedItem[]; key: HolderJwk }): MobileDigests {
  return {
    msoHash: createHash('sha256').update(mso).digest('base64url'),
    devicePublicKey: bareJwk(key),
    elements: items.map(({ namespace, element, digestId, digest }) => ({
      namespace,
      element,
      digestId,
      digest: Buffer.from(digest).toString('base64url'),
    })),
  };
}
