import { inflateSync } from 'node:zlib';
import { decodeJwt, decodeProtectedHeader, importX509, jwtVerify } from 'jose';
import { exchange } from './http-exchange.js';

const NAMES = ['valid', 'invalid', 'suspended', 'other'] as const;
type StatusName = (typeof NAMES)[number];

/** Where an SD-JWT VC says that its status is. */
export function statusReferenceOf(credential: string): { idx: number; uri: string } {
  const { status } = decodeJwt(credential.split('~')[0] ?? '') as { status?: { status_list: { idx: number; uri: string } } };
  if (status === undefined) throw new Error('the credential has no status');
  return status.status_list;
}

/** What a verifier that knows nothing of us comes to: fetches the list over HTTP, verifies it with jose and decodes it itself. */
export async function verifiedStatus(credential: string): Promise<StatusName> {
  const { idx, uri } = statusReferenceOf(credential);
  const answer = await exchange(uri, { headers: { accept: 'application/statuslist+jwt' } });
  if (answer.status !== 200) throw new Error(`the status list answered ${answer.status}: ${answer.text}`);
  const [leaf = ''] = decodeProtectedHeader(answer.text).x5c ?? [];
  const pem = `-----BEGIN CERTIFICATE-----\n${(leaf.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
  const { payload } = await jwtVerify(answer.text, await importX509(pem, 'ES256'), { typ: 'statuslist+jwt', subject: uri });
  const { bits, lst } = payload.status_list as { bits: number; lst: string };
  const bytes = inflateSync(Buffer.from(lst, 'base64url'));
  const perByte = 8 / bits;
  const byte = bytes[Math.floor(idx / perByte)] ?? 0;
  return NAMES[(byte >> ((idx % perByte) * bits)) & (2 ** bits - 1)] ?? 'other';
}
