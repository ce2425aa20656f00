import { Tag } from 'cbor2';
import type { Signer } from '../../keys/signer.js';
import { EMBEDDED_CBOR, toCbor, type CborValue } from './cbor.js';
import type { SignedItem } from './signed-items.js';

/** COSE header labels and values (RFC 9052 3.1, RFC 9360 2). */
const ALG = 1;
const ES256 = -7;
const X5CHAIN = 33;

/**
 * `issuerAuth`: an untagged COSE_Sign1 over the MSO, whose chain is the document signer's certificate alone (MDC-05, MDC-06).
 *
 * @param options.certificate base64 DER
 * @throws {SignerError} when the key cannot be used now
 */
export async function signSecurityObject({
  mso,
  signer,
  certificate,
}: {
  mso: Uint8Array;
  signer: Signer;
  certificate: string;
}): Promise<CborValue> {
  const header = toCbor(new Map([[ALG, ES256]]));
  const payload = toCbor(new Tag(EMBEDDED_CBOR, mso));
  const signature = await signer.sign(toCbor(['Signature1', header, new Uint8Array(), payload]));
  const chain = new Map([[X5CHAIN, new Uint8Array(Buffer.from(certificate, 'base64'))]]);
  return [header, chain, payload, new Uint8Array(signature)];
}

/** `IssuerSigned`, the credential itself (ISO 18013-5 8.3.2.1.2.2). */
export function issuerSigned(items: readonly SignedItem[], issuerAuth: CborValue): Uint8Array {
  const nameSpaces = new Map<string, Tag[]>();
  for (const { namespace, bytes } of items) {
    nameSpaces.set(namespace, [...(nameSpaces.get(namespace) ?? []), new Tag(EMBEDDED_CBOR, bytes)]);
  }
  return toCbor(
    new Map<string, CborValue>([
      ['nameSpaces', nameSpaces],
      ['issuerAuth', issuerAuth],
    ]),
  );
}
