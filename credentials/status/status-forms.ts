import type { AssertionSigner, CredentialSigners } from '../../keys/credential-signers.js';
import { SignerError, type Signer, type SigningAlgorithm } from '../../keys/signer.js';
import type { StatusListConfigurationDocument, StatusListDocument } from '../../store/status-documents.js';
import { bitstringStatusListCredential, IS_SET, revocationList2020Credential, type StatusPurpose } from './list-credential.js';
import { listTimes, type ListTimes } from './list-times.js';
import { secureAsLinkedData, secureAsVcJwt, type SecureListCredential } from './secure-credential.js';
import { packBitstring, packStatuses, type ChangedStatus } from './status-array.js';
import { statusListCwt } from './status-list-cwt.js';
import { statusListJwt } from './status-list-jwt.js';
import { statusAggregationUri, statusUris } from './status-uris.js';

/** Names of the forms in which a list is kept: media types of the two that one URI serves, else purposes. */
export const JWT_FORM = 'application/statuslist+jwt';
export const CWT_FORM = 'application/statuslist+cwt';

export interface StatusFormsInput {
  readonly list: StatusListDocument;
  readonly changed: readonly ChangedStatus[];
  /** Of the list, where it has one. */
  readonly configuration?: Pick<StatusListConfigurationDocument, 'timeToLiveDuration' | 'expiryDuration'> | undefined;
  readonly signers: CredentialSigners;
  readonly issuerIdentifier: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The signed forms of a list by name, binary ones in base64, and their times. */
export interface SignedStatusForms {
  readonly forms: Readonly<Record<string, string>>;
  readonly times: ListTimes;
}

/**
 * Builds and signs every form in which a list is served. Each is verified before it is given.
 *
 * @throws {SignerError} when the key cannot be used now
 * @throws {PublishedListFault} where something else came out than was to
 */
export async function signStatusForms(input: StatusFormsInput): Promise<SignedStatusForms> {
  switch (input.list.mechanism) {
    case 'token-status-list':
      return tokenForms(input);
    case 'bitstring-status-list':
      return bitstringForms(input);
    case 'revocation-list-2020':
      return revocationList2020Forms(input);
    case 'cwt-revocation-list':
      return cwtForms(input);
  }
}

async function tokenForms(input: StatusFormsInput): Promise<SignedStatusForms> {
  const { list, issuerIdentifier, changed } = input;
  const signer = tokenSigner(input);
  const times = timesOf(input, signer);
  const token = {
    uri: statusUris({ issuerIdentifier, list }).uri,
    aggregationUri: statusAggregationUri({ issuerIdentifier, profile: list.profile }),
    bits: list.bits,
    bytes: packStatuses({ size: list.size, changed }, list.bits),
    times,
    signer,
  };
  const [jwt, cwt] = await Promise.all([statusListJwt(token), statusListCwt(token)]);
  return { forms: { [JWT_FORM]: jwt, [CWT_FORM]: base64(cwt) }, times };
}

function tokenSigner({ list, signers, now }: StatusFormsInput): Signer {
  return list.iacaId === undefined ? signers.statusList() : signers.mobileStatusSigner(list.iacaId, now);
}

async function bitstringForms(input: StatusFormsInput): Promise<SignedStatusForms> {
  const { list, changed } = input;
  const secure = secureFor(list);
  const { assertion, times, did } = assertedBy(input);
  const content = { size: list.size, changed };
  const uris = statusUris({ issuerIdentifier: input.issuerIdentifier, list });
  const make = async (purpose: StatusPurpose, uri: string): Promise<[string, string]> => {
    const credential = await bitstringStatusListCredential({ uri, did, content, times, purpose });
    const bytes = packBitstring(content, IS_SET[purpose]);
    return [purpose, await secure({ credential, bytes, times, assertion })];
  };
  const made = await Promise.all([
    make('revocation', uris.uri),
    ...(uris.suspensionUri === undefined ? [] : [make('suspension', uris.suspensionUri)]),
  ]);
  return { forms: Object.fromEntries(made), times };
}

/** Lists are signed as the credentials are that name them. */
function secureFor({ profile }: StatusListDocument): SecureListCredential {
  return profile === 'web-semantic' ? secureAsLinkedData : secureAsVcJwt;
}

async function revocationList2020Forms(input: StatusFormsInput): Promise<SignedStatusForms> {
  const { list, changed, issuerIdentifier } = input;
  const { assertion, times, did } = assertedBy(input);
  const content = { size: list.size, changed };
  const { uri } = statusUris({ issuerIdentifier, list });
  const credential = await revocationList2020Credential({ uri, did, content, times });
  const bytes = packBitstring(content, IS_SET.revocation);
  return { forms: { revocation: await secureAsLinkedData({ credential, bytes, times, assertion }) }, times };
}

async function cwtForms(input: StatusFormsInput): Promise<SignedStatusForms> {
  const { list, changed, issuerIdentifier } = input;
  const { assertion, times, did } = assertedBy(input);
  const cwt = await statusListCwt({
    uri: statusUris({ issuerIdentifier, list }).uri,
    bits: list.bits,
    bytes: packStatuses({ size: list.size, changed }, list.bits),
    times,
    signer: assertion.signer,
    issuer: { did, verificationMethod: assertion.verificationMethod },
  });
  return { forms: { revocation: base64(cwt) }, times };
}

/** By the list's DID: a RevocationList2020 with EdDSA, as its credentials are, the others with ES256; with the other where it has no such key. */
function assertedBy(input: StatusFormsInput): { assertion: AssertionSigner; times: ListTimes; did: string } {
  const { signers, list } = input;
  const algorithms: SigningAlgorithm[] = list.mechanism === 'revocation-list-2020' ? ['EdDSA', 'ES256'] : ['ES256', 'EdDSA'];
  const assertion = assertionOf(signers, list.issuerDid, algorithms);
  return { assertion, times: timesOf(input, assertion.signer), did: assertion.did };
}

function assertionOf(
  signers: CredentialSigners,
  did: string | undefined,
  [first = 'ES256', second = 'EdDSA']: readonly SigningAlgorithm[],
): AssertionSigner {
  try {
    return signers.assertion(first, did);
  } catch (error) {
    if (!(error instanceof SignerError)) throw error;
    try {
      return signers.assertion(second, did);
    } catch {
      throw error;
    }
  }
}

function timesOf({ now, configuration }: StatusFormsInput, signer: Signer): ListTimes {
  return listTimes({ now, durations: configuration, signer });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
