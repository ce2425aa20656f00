import { createHash } from 'node:crypto';
import type { KeyStore } from '../key-store.js';
import type { SigningAlgorithm } from '../signer.js';
import { checkedSigner } from './checked-signer.js';
import { rawEcdsaSignature } from './der-signature.js';
import { KeyStoreError, storeError } from './key-store-error.js';
import { publicJwkFrom, requireAlgorithm } from './public-key.js';
import { within } from './within.js';

export interface AwsKmsOptions {
  readonly region: string;
  /** Instead of the region's own; http too. */
  readonly endpoint?: string | undefined;
  /** Milliseconds that each call may take. */
  readonly timeoutMs: number;
}

const name = 'aws-kms';
const algorithms = ['ES256', 'EdDSA'] as const;
const KEY_SPECS = { ES256: 'ECC_NIST_P256', EdDSA: 'ECC_NIST_EDWARDS25519' } as const;
/** Of a message that is not hashed before it is sent. */
const LARGEST_MESSAGE_BYTES = 4096;

/**
 * Keys in AWS KMS, named by their ARN; credentials come by the SDK's own chain (environment, profile, role).
 *
 * @throws where the package `@aws-sdk/client-kms` is not installed
 */
export async function openAwsKms({ region, endpoint, timeoutMs }: AwsKmsOptions): Promise<KeyStore> {
  const { KMSClient, CreateKeyCommand, GetPublicKeyCommand, SignCommand } = await import('@aws-sdk/client-kms');
  // Nothing is repeated here: what failed is to be seen, and is repeated by the workflow.
  const client = new KMSClient({ region, maxAttempts: 1, ...(endpoint === undefined ? {} : { endpoint }) });
  const call = async <T>(task: string, send: (abortSignal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await within({ store: name, timeoutMs }, send);
    } catch (error) {
      throw error instanceof KeyStoreError ? error : storeError(name, task, answerOf(error));
    }
  };
  const sign = async (key: string, algorithm: SigningAlgorithm, data: Uint8Array): Promise<Uint8Array> => {
    const input =
      algorithm === 'ES256'
        ? ({
            Message: createHash('sha256').update(data).digest(),
            MessageType: 'DIGEST',
            SigningAlgorithm: 'ECDSA_SHA_256',
          } as const)
        : ({ Message: atMost(data), MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' } as const);
    const { Signature = new Uint8Array() } = await call('sign', (abortSignal) =>
      client.send(new SignCommand({ KeyId: key, ...input }), { abortSignal }),
    );
    return algorithm === 'ES256' ? (rawEcdsaSignature(Signature) ?? new Uint8Array()) : Signature;
  };
  return {
    name,
    algorithms,
    generate: async ({ algorithm, label }) => {
      requireAlgorithm({ name, algorithms }, algorithm);
      const { KeyMetadata } = await call('make a key', (abortSignal) =>
        client.send(new CreateKeyCommand({ KeySpec: KEY_SPECS[algorithm], KeyUsage: 'SIGN_VERIFY', Description: label }), {
          abortSignal,
        }),
      );
      const key = KeyMetadata?.Arn;
      if (key === undefined) throw new KeyStoreError(`${name} did not say which key it made`, { storeIsDown: false });
      const { PublicKey = new Uint8Array() } = await call('give a public key', (abortSignal) =>
        client.send(new GetPublicKeyCommand({ KeyId: key }), { abortSignal }),
      );
      return { reference: { store: name, key }, publicJwk: publicJwkFrom(name, algorithm, { spki: PublicKey }) };
    },
    signer: (key) => checkedSigner({ store: name, key, sign: (data) => sign(key.reference.key, key.algorithm, data) }),
    close: () => {
      client.destroy();
      return Promise.resolve();
    },
  };
}

function atMost(data: Uint8Array): Uint8Array {
  if (data.length <= LARGEST_MESSAGE_BYTES) return data;
  throw new KeyStoreError(`${name} signs no more than ${LARGEST_MESSAGE_BYTES} bytes with EdDSA`, {
    storeIsDown: false,
    retryable: false,
  });
}

function answerOf(error: unknown): { status?: number | undefined; code?: string } {
  if (!(error instanceof Error)) return {};
  const { $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
  return { status: $metadata?.httpStatusCode, code: error.name };
}
