import type { Signer } from '../../keys/signer.js';
import { zlibCompress, zlibDecompress } from './compression.js';
import type { ListTimes } from './list-times.js';
import { requireMember, requireSameBytes } from './signature-check.js';
import { payloadOf, signedJwt } from './signed-jwt.js';

/** What a Status List Token is made of, in either form. */
export interface StatusListTokenInput {
  readonly uri: string;
  /** Where all lists are named; absent for lists that are in no such document. */
  readonly aggregationUri?: string;
  readonly bits: 1 | 2 | 4 | 8;
  readonly bytes: Uint8Array;
  readonly times: ListTimes;
  readonly signer: Signer;
}

/**
 * A Status List Token as JWT (TSL 5.1). Its header has the chain and the key (TSL-13): verifiers know the signer by either.
 *
 * @throws {SignerError}
 * @throws {PublishedListFault} where it does not verify, or carries another list
 */
export async function statusListJwt(input: StatusListTokenInput): Promise<string> {
  const { uri, aggregationUri, bits, bytes, times, signer } = input;
  const lst = Buffer.from(await zlibCompress(bytes)).toString('base64url');
  const { certificateChain, publicJwk, keyId } = signer;
  const header = {
    typ: 'statuslist+jwt',
    kid: keyId,
    ...(certificateChain.length === 0 ? {} : { x5c: certificateChain }),
    jwk: publicJwk,
  };
  const jwt = await signedJwt(signer, header, {
    sub: uri,
    iat: times.issuedAt,
    exp: times.expiresAt,
    ttl: times.ttl,
    status_list: { bits, lst, ...(aggregationUri === undefined ? {} : { aggregation_uri: aggregationUri }) },
  });
  await check(jwt, input);
  return jwt;
}

async function check(jwt: string, { uri, bits, bytes }: StatusListTokenInput): Promise<void> {
  const { sub, status_list: list } = payloadOf(jwt) as { sub?: unknown; status_list?: { bits?: unknown; lst?: unknown } };
  requireMember(sub === uri, 'sub');
  requireMember(list?.bits === bits, 'status_list.bits');
  requireSameBytes(await zlibDecompress(Buffer.from(String(list?.lst), 'base64url')), bytes);
}
