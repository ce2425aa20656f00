import { decode, encode, Tag } from 'cbor2';
import { zlibCompress, zlibDecompress } from './compression.js';
import { PublishedListFault, requireMember, requireSameBytes, requireSignature } from './signature-check.js';
import type { StatusListTokenInput } from './status-list-jwt.js';

export interface StatusListCwtInput extends StatusListTokenInput {
  /** Of a list signed by a DID: who signs (CWT claim `iss`), and by which key. */
  readonly issuer?: { readonly did: string; readonly verificationMethod: string };
}

/** COSE and CWT labels (RFC 9052, RFC 8392, TSL 5.2). */
const HEADER = { algorithm: 1, keyId: 4, type: 16, chain: 33 } as const;
const CLAIM = { issuer: 1, subject: 2, expires: 4, issuedAt: 6, statusList: 65_533, timeToLive: 65_534 } as const;
const ALGORITHMS = { ES256: -7, EdDSA: -8 } as const;
const SIGN1 = 18;
const TYPE = 'application/statuslist+cwt';

/**
 * A Status List Token as CWT (TSL 5.2): a tagged COSE_Sign1 with the chain in its unprotected header.
 *
 * @throws {SignerError}
 * @throws {PublishedListFault} where it does not verify, or carries another list
 */
export async function statusListCwt(input: StatusListCwtInput): Promise<Uint8Array> {
  const { uri, aggregationUri, bits, bytes, times, signer, issuer } = input;
  const lst = await zlibCompress(bytes);
  const protectedHeader = cbor(
    new Map<number, unknown>([
      [HEADER.algorithm, ALGORITHMS[signer.algorithm]],
      [HEADER.type, TYPE],
      ...(issuer === undefined ? [] : [[HEADER.keyId, utf8(issuer.verificationMethod)] as const]),
    ]),
  );
  const list = { bits, lst, ...(aggregationUri === undefined ? {} : { aggregation_uri: aggregationUri }) };
  const payload = cbor(
    new Map<number, unknown>([
      ...(issuer === undefined ? [] : [[CLAIM.issuer, issuer.did] as const]),
      [CLAIM.subject, uri],
      [CLAIM.issuedAt, times.issuedAt],
      [CLAIM.expires, times.expiresAt],
      [CLAIM.timeToLive, times.ttl],
      [CLAIM.statusList, list],
    ]),
  );
  const signature = new Uint8Array(await signer.sign(toBeSigned(protectedHeader, payload)));
  const unprotected = new Map<number, unknown>(chainHeader(signer.certificateChain));
  const cwt = cbor(new Tag(SIGN1, [protectedHeader, unprotected, payload, signature]));
  await check(cwt, input);
  return cwt;
}

/** RFC 9360 2: one certificate is a byte string, several are an array of them. */
function chainHeader(chain: readonly string[]): [number, Uint8Array | Uint8Array[]][] {
  const certificates = chain.map((certificate) => new Uint8Array(Buffer.from(certificate, 'base64')));
  const [only] = certificates;
  return only === undefined ? [] : [[HEADER.chain, certificates.length === 1 ? only : certificates]];
}

function toBeSigned(protectedHeader: Uint8Array, payload: Uint8Array): Uint8Array {
  return cbor(['Signature1', protectedHeader, new Uint8Array(0), payload]);
}

/** Reads the finished token, as a verifier would. */
async function check(cwt: Uint8Array, { uri, bits, bytes, signer }: StatusListCwtInput): Promise<void> {
  const tagged = decode(cwt, { cde: true });
  if (!(tagged instanceof Tag) || tagged.tag !== SIGN1) throw new PublishedListFault('the status list is no COSE_Sign1');
  const [header, , payload, signature] = tagged.contents as [Uint8Array, unknown, Uint8Array, Uint8Array];
  await requireSignature(signer, toBeSigned(header, payload), signature);
  const claims = decode<Map<number, unknown>>(payload, { cde: true });
  const list = asMap(claims.get(CLAIM.statusList));
  requireMember(claims.get(CLAIM.subject) === uri, 'sub');
  requireMember(list.get('bits') === bits, 'status_list.bits');
  requireSameBytes(await zlibDecompress(list.get('lst') as Uint8Array), bytes);
}

function asMap(value: unknown): ReadonlyMap<string, unknown> {
  return value instanceof Map ? (value as Map<string, unknown>) : new Map(Object.entries(value ?? {}));
}

function cbor(value: unknown): Uint8Array {
  return new Uint8Array(encode(value, { cde: true }));
}

function utf8(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'));
}
