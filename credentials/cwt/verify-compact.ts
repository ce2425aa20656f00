import { createPublicKey, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { PublicJwk } from '../../keys/signer.js';
import { byteString } from '../byte-string.js';
import type { DecodedCompact } from './decode-compact.js';

type Signed = Pick<DecodedCompact, 'protectedHeader' | 'payload' | 'signature'>;

/** Whether the credential is signed by the key: ES256 over a Sig_structure (RFC 9052 4.4) that is put together here by hand. */
export async function verifyCompact({ protectedHeader, payload, signature }: Signed, publicJwk: PublicJwk): Promise<boolean> {
  if (publicJwk.kty !== 'EC') return false;
  const signed = Buffer.concat([
    // An array of four: "Signature1", the protected header, no external data, the payload.
    Buffer.from([0x84, 0x6a]),
    Buffer.from('Signature1'),
    byteString(protectedHeader),
    byteString(new Uint8Array()),
    byteString(payload),
  ]);
  const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
  return verifyAsync('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

const verifyAsync = promisify<string, Uint8Array, Parameters<typeof verify>[2], Uint8Array, boolean>(verify);
