import { execFileSync } from 'node:child_process';
import { sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLeafCertificate, createRootCertificate } from '../../../keys/certificates.js';
import type { PublicJwk, Signer } from '../../../keys/signer.js';
import { newKeyPair, type WalletKeyPair } from '../../flows/signed-jwt.js';

const SUBJECT = { issuerName: 'Wallet provider', country: 'NZ' };

/** A certificate of a P-256 key by itself, as `x5c` carries it. */
export function selfSigned(key: WalletKeyPair, at = Date.now()): Promise<string> {
  return createRootCertificate({ ...SUBJECT, signer: signerOf(key), now: at });
}

/** A certificate of a P-256 key, and that of the root it is issued by. */
export async function chainOf(key: WalletKeyPair): Promise<string[]> {
  const rootKey = newKeyPair();
  const root = { signer: signerOf(rootKey), certificate: await selfSigned(rootKey) };
  const publicJwk = key.publicJwk as unknown as PublicJwk;
  const place = { host: 'wallet.example', identifier: 'https://wallet.example' };
  return [await createLeafCertificate({ ...SUBJECT, ...place, root, publicJwk, now: Date.now() }), root.certificate];
}

/**
 * A certificate of a kind of key that proofs cannot have, made by openssl.
 *
 * @param kind arguments of `openssl req` that say which
 */
export function foreignCertificate(...kind: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-certificate-'));
  try {
    const options = ['-nodes', '-keyout', join(folder, 'key.pem'), '-subj', '/CN=wallet', '-outform', 'DER'];
    return execFileSync('openssl', ['req', '-x509', ...kind, ...options], { stdio: ['ignore', 'pipe', 'ignore'] }).toString(
      'base64',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function signerOf({ publicJwk, privateKey }: WalletKeyPair): Signer {
  return {
    keyId: 'wallet',
    remote: false,
    algorithm: 'ES256',
    publicJwk: publicJwk as unknown as PublicJwk,
    certificateChain: [],
    sign: (data) => Promise.resolve(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  };
}
