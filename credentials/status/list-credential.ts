import type { StatusValue } from '../../store/status-documents.js';
import { gzipCompress, zlibCompress } from './compression.js';
import type { ListTimes } from './list-times.js';
import { packBitstring, type StatusListContent } from './status-array.js';

/** A verifiable credential without its proof. */
export interface UnsecuredCredential {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly type: readonly string[];
  readonly issuer: string;
  readonly credentialSubject: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

export interface ListCredentialInput {
  /** Where it is served. */
  readonly uri: string;
  readonly did: string;
  readonly content: StatusListContent;
  readonly times: ListTimes;
}

export type StatusPurpose = 'revocation' | 'suspension';

/** Which statuses set the bit, by purpose. */
export const IS_SET: Readonly<Record<StatusPurpose, (status: StatusValue) => boolean>> = {
  revocation: (status) => status === 1,
  suspension: (status) => status === 2,
};

/** A `BitstringStatusListCredential` of one purpose (Bitstring Status List 2.2), by VCDM 2.0. */
export async function bitstringStatusListCredential({
  uri,
  did,
  content,
  times,
  purpose,
}: ListCredentialInput & { readonly purpose: StatusPurpose }): Promise<UnsecuredCredential> {
  const compressed = await gzipCompress(packBitstring(content, IS_SET[purpose]));
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: uri,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: did,
    validFrom: dateTime(times.issuedAt),
    validUntil: dateTime(times.expiresAt),
    credentialSubject: {
      id: `${uri}#list`,
      type: 'BitstringStatusList',
      statusPurpose: purpose,
      // Multibase, base64url without padding.
      encodedList: `u${Buffer.from(compressed).toString('base64url')}`,
      // In milliseconds.
      ttl: times.ttl * 1000,
    },
  };
}

/** A `RevocationList2020Credential` (Revocation List 2020 4.2), by VCDM 1.1: its list is ZLIB-compressed, in plain base64. */
export async function revocationList2020Credential({
  uri,
  did,
  content,
  times,
}: ListCredentialInput): Promise<UnsecuredCredential> {
  const compressed = await zlibCompress(packBitstring(content, IS_SET.revocation));
  return {
    '@context': ['https://www.w3.org/2018/credentials/v1', 'https://w3id.org/vc-revocation-list-2020/v1'],
    id: uri,
    type: ['VerifiableCredential', 'RevocationList2020Credential'],
    issuer: did,
    issuanceDate: dateTime(times.issuedAt),
    expirationDate: dateTime(times.expiresAt),
    credentialSubject: {
      id: `${uri}#list`,
      type: 'RevocationList2020',
      encodedList: Buffer.from(compressed).toString('base64'),
    },
  };
}

function dateTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
