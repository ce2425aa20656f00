import { verify, type KeyObject } from 'node:crypto';
import type { Signer } from '../../keys/signer.js';

/** A compact JWS taken apart. Nothing in it is verified yet. */
export interface CompactJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly signingInput: Buffer;
  readonly signature: Buffer;
}

/** Not a compact JWS with JSON objects in it (RFC 7515 3.1). The message says what is wrong, and repeats nothing of it. */
export class JwsError extends Error {
  override readonly name = 'JwsError';
}

/** Signature algorithms accepted from wallets: asymmetric ones only. */
export const WALLET_ALGORITHMS = ['ES256', 'ES384', 'EdDSA'] as const;
export type WalletAlgorithm = (typeof WALLET_ALGORITHMS)[number];

const DIGESTS: Readonly<Record<WalletAlgorithm, string | null>> = { ES256: 'sha256', ES384: 'sha384', EdDSA: null };

const MAX_BYTES = 16_384;
const SHAPE = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/**
 * Takes a compact JWS apart.
 *
 * @param options.maxBytes by default 16 kB
 * @throws {JwsError} also for headers that ask for extensions (`crit`): none is understood here
 */
export function parseCompactJws(text: string, { maxBytes = MAX_BYTES }: { maxBytes?: number } = {}): CompactJws {
  if (text.length > maxBytes) throw new JwsError(`is longer than ${maxBytes} bytes`);
  const [, header, payload, signature] = SHAPE.exec(text) ?? [];
  if (header === undefined || payload === undefined || signature === undefined) throw new JwsError('is not a compact JWS');
  const parsed: CompactJws = {
    header: parseObject(header, 'header'),
    payload: parseObject(payload, 'payload'),
    signingInput: Buffer.from(text.slice(0, text.lastIndexOf('.'))),
    signature: Buffer.from(signature, 'base64url'),
  };
  if (parsed.header.crit !== undefined) throw new JwsError('has a crit header, and no extension is supported');
  return parsed;
}

/** Whether the signature is the key's under the algorithm. The caller has matched key and algorithm. */
export function isSignedBy(jws: CompactJws, { algorithm, key }: { algorithm: WalletAlgorithm; key: KeyObject }): boolean {
  return verify(DIGESTS[algorithm], jws.signingInput, { key, dsaEncoding: 'ieee-p1363' }, jws.signature);
}

/** Makes a compact JWS; `alg` and `kid` come from the signer. */
export async function signCompactJws({
  signer,
  typ,
  payload,
}: {
  signer: Signer;
  typ: string;
  payload: Readonly<Record<string, unknown>>;
}): Promise<string> {
  const signingInput = `${encode({ alg: signer.algorithm, typ, kid: signer.keyId })}.${encode(payload)}`;
  const signature = await signer.sign(Buffer.from(signingInput));
  return `${signingInput}.${Buffer.from(signature).toString('base64url')}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function parseObject(part: string, name: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    throw new JwsError(`has a ${name} that is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new JwsError(`has a ${name} that is not a JSON object`);
  return value as Readonly<Record<string, unknown>>;
}
