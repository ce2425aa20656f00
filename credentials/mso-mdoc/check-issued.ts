import { createHash, createPublicKey, verify, X509Certificate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { encode } from 'cbor2';
import type { Signer } from '../../keys/signer.js';
import { byteString } from '../byte-string.js';
import type { HolderJwk } from '../holder-jwk.js';
import { IssuedCredentialFault } from '../issued-credential-fault.js';
import { hasValue } from './check-value.js';
import type { MobileElement } from './mobile-elements.js';
import { bytesIn, decodeStrictly, itemIn, listIn, mapIn, taggedIn, textIn, type CborMap } from './strict-cbor.js';
import type { MobileValidity } from './validity.js';

/** What the mdoc had to become. */
export interface ExpectedMdoc {
  readonly docType: string;
  /** JSON values of the elements it has. */
  readonly claims: readonly { readonly element: MobileElement; readonly value: unknown }[];
  readonly holderKey: HolderJwk;
  readonly validity: MobileValidity;
  readonly status: { readonly uri: string; readonly index: number } | undefined;
  readonly signer: Signer;
}

/**
 * Checks a finished mdoc independently of the code that built it: it is deterministic CBOR, the signature verifies with the
 * key of the document signer and of its certificate, every digest is that of the bytes handed out, and docType, device key,
 * times, status and values are those that were asked for, with nothing beside them.
 *
 * @throws {IssuedCredentialFault} naming a claim at most, never a value
 */
export async function checkIssued(credential: Uint8Array, expected: ExpectedMdoc): Promise<void> {
  const issuerSigned = mapIn(decodeStrictly(credential));
  const issuerAuth = listIn(issuerSigned, 'issuerAuth');
  const mso = await checkSignature(issuerAuth, expected.signer);
  checkSecurityObject(mso, expected);
  checkItems(mapIn(issuerSigned.get('nameSpaces')), mapIn(mso.get('valueDigests')), expected.claims);
}

async function checkSignature(issuerAuth: readonly unknown[], signer: Signer): Promise<CborMap> {
  const [header, unprotected, payload, signature] = issuerAuth;
  const protectedHeader = mapIn(decodeStrictly(bytesIn(header)));
  const chain = mapIn(unprotected);
  require(issuerAuth.length === 4 && protectedHeader.size === 1 && chain.size === 1, 'the signature has another form');
  require(protectedHeader.get(1) === -7, 'the signature is of another algorithm');
  const { certificateKey, publicKey } = keysOf(signer, bytesIn(chain.get(33)));
  require(certificateKey.equals(publicKey), 'the certificate is of another key');
  const signed = encode(['Signature1', bytesIn(header), new Uint8Array(), bytesIn(payload)], { cde: true });
  const key = { key: certificateKey, dsaEncoding: 'ieee-p1363' } as const;
  require(await verifyAsync('sha256', signed, key, bytesIn(signature)), 'the signature does not verify with the signing key');
  return mapIn(itemIn(decodeStrictly(bytesIn(payload))));
}

function checkSecurityObject(mso: CborMap, { docType, holderKey, validity, status }: ExpectedMdoc): void {
  require(mso.size === (status === undefined ? 6 : 7), 'the security object has other members');
  require(mso.get('version') === '1.0' && mso.get('digestAlgorithm') === 'SHA-256', 'the security object is of another kind');
  require(mso.get('docType') === docType, 'the docType is another');
  const times = mapIn(mso.get('validityInfo'));
  require(times.size === 3, 'the validity has other members');
  for (const [name, seconds] of Object.entries(validity) as [string, number][]) {
    const text = textIn(taggedIn(times.get(name), 0));
    require(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && Date.parse(text) === seconds * 1000, `${name} is another time`);
  }
  const deviceKeyInfo = mapIn(mso.get('deviceKeyInfo'));
  require(deviceKeyInfo.size === 1 && isKey(mapIn(deviceKeyInfo.get('deviceKey')), holderKey), 'the device key is another');
  if (status === undefined) return;
  const [list, ...others] = [...mapIn(mso.get('status'))];
  const reference = mapIn(list?.[1]);
  const isOnlyList = list?.[0] === 'status_list' && others.length === 0 && reference.size === 2;
  require(isOnlyList && reference.get('idx') === status.index && reference.get('uri') === status.uri, 'the status is another');
}

const KEY_TYPES: ReadonlyMap<unknown, string> = new Map([
  [1, 'OKP'],
  [2, 'EC'],
]);
const CURVES: ReadonlyMap<unknown, string> = new Map([
  [1, 'P-256'],
  [2, 'P-384'],
  [3, 'P-521'],
  [6, 'Ed25519'],
]);

function isKey(coseKey: CborMap, { kty, crv, x, y }: HolderJwk): boolean {
  const isCoordinate = (label: number, text = '') => Buffer.from(text, 'base64url').equals(bytesIn(coseKey.get(label)));
  const isPoint = kty === 'EC';
  if (coseKey.size !== (isPoint ? 4 : 3)) return false;
  if (KEY_TYPES.get(coseKey.get(1)) !== kty || CURVES.get(coseKey.get(-1)) !== crv) return false;
  return isCoordinate(-2, x) && (!isPoint || isCoordinate(-3, y));
}

function checkItems(nameSpaces: CborMap, valueDigests: CborMap, claims: ExpectedMdoc['claims']): void {
  const left = new Map(claims.map((claim) => [claim.element.name, claim]));
  const randoms = new Set<string>();
  require(nameSpaces.size === valueDigests.size, 'there are digests of other namespaces');
  for (const namespace of nameSpaces.keys()) {
    const items = listIn(nameSpaces, namespace);
    const digests = mapIn(valueDigests.get(namespace));
    require(items.length > 0 && items.length === digests.size, 'there are digests of other elements');
    const ids = new Set<unknown>();
    for (const wrapped of items) {
      const bytes = bytesIn(taggedIn(wrapped, 24));
      const item = mapIn(decodeStrictly(bytes));
      const name = `${String(namespace)}/${textIn(item.get('elementIdentifier'))}`;
      const claim = left.get(name);
      require(claim !== undefined && item.size === 4, 'there is an element that no claim is mapped to');
      left.delete(name);
      const digest = digests.get(item.get('digestID'));
      const isDigest = digest instanceof Uint8Array && createHash('sha256').update(embedded(bytes)).digest().equals(digest);
      require(isDigest, `${name} has another digest`);
      require(hasValue(claim.element.type, claim.value, item.get('elementValue')), `${name} has another value`);
      ids.add(item.get('digestID'));
      const random = bytesIn(item.get('random'));
      require(random.length === 32, `${name} has too little random`);
      randoms.add(Buffer.from(random).toString('hex'));
    }
    require(ids.size === items.length, 'two elements share a digest id');
  }
  require(left.size === 0, `${left.keys().next().value ?? ''} is not there`);
  require(randoms.size === claims.length, 'two elements share a random');
}

/** Bytes as tag 24 embeds them, written out by hand: the digest is of these (MDC-02). */
function embedded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([0xd8, 0x18]), byteString(bytes)]);
}

interface Keys {
  readonly certificate: Uint8Array;
  readonly certificateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const knownKeys = new WeakMap<Signer, Keys>();

function keysOf(signer: Signer, certificate: Uint8Array): Keys {
  const known = knownKeys.get(signer);
  if (known !== undefined && Buffer.from(known.certificate).equals(certificate)) return known;
  const keys = {
    certificate: new Uint8Array(certificate),
    certificateKey: new X509Certificate(certificate).publicKey,
    publicKey: createPublicKey({ key: { ...signer.publicJwk }, format: 'jwk' }),
  };
  knownKeys.set(signer, keys);
  return keys;
}

const verifyAsync = promisify<string, Uint8Array, { key: KeyObject; dsaEncoding: 'ieee-p1363' }, Uint8Array, boolean>(verify);

function require(isRight: boolean, fault: string): asserts isRight {
  if (!isRight) throw new IssuedCredentialFault(fault);
}
