import type { Signer } from '../../keys/signer.js';
import { requireSignature } from './signature-check.js';

/** A JWT in compact form, whose signature verifies. @throws {SignerError | PublishedListFault} */
export async function signedJwt(signer: Signer, header: object, payload: object): Promise<string> {
  const input = `${encode({ alg: signer.algorithm, ...header })}.${encode(payload)}`;
  const signature = await signer.sign(Buffer.from(input));
  const jwt = `${input}.${Buffer.from(signature).toString('base64url')}`;
  await requireJwtSignature(signer, jwt);
  return jwt;
}

/** Reads the finished token, as a verifier would. */
async function requireJwtSignature(signer: Signer, jwt: string): Promise<void> {
  const end = jwt.lastIndexOf('.');
  await requireSignature(signer, Buffer.from(jwt.slice(0, end)), Buffer.from(jwt.slice(end + 1), 'base64url'));
}

/** The payload of a JWT, unverified. */
export function payloadOf(jwt: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')) as Readonly<Record<string, unknown>>;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
