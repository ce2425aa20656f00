import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { KeyStore } from '../key-store.js';
import type { SigningAlgorithm } from '../signer.js';
import { checkedSigner } from './checked-signer.js';
import { rawEcdsaSignature } from './der-signature.js';
import { keyName } from './key-name.js';
import { KeyStoreError, storeError } from './key-store-error.js';
import { publicJwkFrom, requireAlgorithm } from './public-key.js';
import { within } from './within.js';

export interface GoogleKmsOptions {
  /** `projects/<project>/locations/<location>/keyRings/<key ring>` */
  readonly keyRing: string;
  /** Instead of `https://cloudkms.googleapis.com`; http too. */
  readonly endpoint?: string | undefined;
  readonly protectionLevel: 'SOFTWARE' | 'HSM';
  /** Milliseconds that each call may take. */
  readonly timeoutMs: number;
}

type Call<T> = Promise<T> & { cancel?: () => void };

const name = 'google-kms';
const algorithms = ['ES256', 'EdDSA'] as const;
const KEY_ALGORITHMS = { ES256: 'EC_SIGN_P256_SHA256', EdDSA: 'EC_SIGN_ED25519' } as const;
const LONGEST_KEY_ID = 63;
/** A key is made in the background; it has no public half until then. */
const GENERATION_CHECKS = 20;
const GENERATION_CHECK_MS = 250;

/**
 * Keys in Google Cloud KMS, named by the resource name of their version; spoken to over REST, with Application Default
 * Credentials.
 *
 * @throws where the package `@google-cloud/kms` is not installed
 */
export async function openGoogleKms({ keyRing, endpoint, protectionLevel, timeoutMs }: GoogleKmsOptions): Promise<KeyStore> {
  const { KeyManagementServiceClient } = await import('@google-cloud/kms');
  // Made at the first call: it looks for credentials at once, at a metadata server too.
  let made: InstanceType<typeof KeyManagementServiceClient> | undefined;
  const client = () => (made ??= new KeyManagementServiceClient({ fallback: true, ...address(endpoint) }));
  const call = async <T>(task: string, send: () => Call<T>): Promise<T> => {
    try {
      return await within({ store: name, timeoutMs }, (signal) => {
        const sent = send();
        signal.addEventListener('abort', () => sent.cancel?.());
        return sent;
      });
    } catch (error) {
      throw error instanceof KeyStoreError ? error : storeError(name, task, answerOf(error));
    }
  };
  const sign = async (version: string, algorithm: SigningAlgorithm, data: Uint8Array): Promise<Uint8Array> => {
    const content = algorithm === 'ES256' ? { digest: { sha256: createHash('sha256').update(data).digest() } } : { data };
    const [{ signature }] = await call('sign', () => client().asymmetricSign({ name: version, ...content }));
    const bytes = bytesOf(signature);
    return algorithm === 'ES256' ? (rawEcdsaSignature(bytes) ?? new Uint8Array()) : bytes;
  };
  const publicKeyOf = async (version: string): Promise<string> => {
    for (let check = 1; ; check += 1) {
      try {
        const [{ pem }] = await call('give a public key', () => client().getPublicKey({ name: version }));
        return pem ?? '';
      } catch (error) {
        const isPending = error instanceof KeyStoreError && !error.storeIsDown;
        if (!isPending || check === GENERATION_CHECKS) throw error;
      }
      await pause(GENERATION_CHECK_MS);
    }
  };
  return {
    name,
    algorithms,
    generate: async ({ algorithm, label }) => {
      requireAlgorithm({ name, algorithms }, algorithm);
      const [created] = await call('make a key', () =>
        client().createCryptoKey({
          parent: keyRing,
          cryptoKeyId: keyName(label, LONGEST_KEY_ID),
          cryptoKey: {
            purpose: 'ASYMMETRIC_SIGN',
            versionTemplate: { algorithm: KEY_ALGORITHMS[algorithm], protectionLevel },
          },
        }),
      );
      const key = `${created.name ?? ''}/cryptoKeyVersions/1`;
      const pem = await publicKeyOf(key);
      return { reference: { store: name, key }, publicJwk: publicJwkFrom(name, algorithm, { pem }) };
    },
    signer: (key) => checkedSigner({ store: name, key, sign: (data) => sign(key.reference.key, key.algorithm, data) }),
    close: () => Promise.resolve(),
  };
}

function address(endpoint: string | undefined): { apiEndpoint?: string; port?: number; protocol?: string } {
  if (endpoint === undefined) return {};
  const { hostname, port, protocol } = new URL(endpoint);
  const scheme = protocol.slice(0, -1);
  return { apiEndpoint: hostname, port: port === '' ? (scheme === 'http' ? 80 : 443) : Number(port), protocol: scheme };
}

function bytesOf(value: Uint8Array | string | null | undefined): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value, 'base64') : (value ?? new Uint8Array());
}

function answerOf(error: unknown): { status?: number | undefined; code?: unknown } {
  if (!(error instanceof Error)) return {};
  const { code, status } = error as Error & { code?: unknown; status?: unknown };
  return { status: typeof status === 'number' ? status : undefined, code };
}
