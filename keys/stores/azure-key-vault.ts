import { createHash } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import type { CryptographyClientOptions, KeyClientOptions } from '@azure/keyvault-keys';
import type { KeyStore } from '../key-store.js';
import { checkedSigner } from './checked-signer.js';
import { keyName } from './key-name.js';
import { KeyStoreError, storeError } from './key-store-error.js';
import { publicJwkFrom, requireAlgorithm } from './public-key.js';
import { within } from './within.js';

export interface AzureKeyVaultOptions {
  readonly url: string;
  /** Whether new keys are made in the vault's HSM (Premium, Managed HSM) or by its software. */
  readonly hsm: boolean;
  /** Milliseconds that each call may take. */
  readonly timeoutMs: number;
  /** Instead of what DefaultAzureCredential finds. */
  readonly credential?: TokenCredential;
  /** For a vault that is not Azure's. */
  readonly clientOptions?: KeyClientOptions & CryptographyClientOptions;
}

const name = 'azure-key-vault';
const algorithms = ['ES256'] as const;
const LONGEST_NAME = 127;

/**
 * Keys in Azure Key Vault or Managed HSM, named by their identifier with version.
 *
 * @throws where the packages `@azure/keyvault-keys` and `@azure/identity` are not installed
 */
export async function openAzureKeyVault(options: AzureKeyVaultOptions): Promise<KeyStore> {
  const { url, hsm, timeoutMs } = options;
  const [{ CryptographyClient, KeyClient }, { DefaultAzureCredential }] = await Promise.all([
    import('@azure/keyvault-keys'),
    import('@azure/identity'),
  ]);
  const credential = options.credential ?? new DefaultAzureCredential();
  // Nothing is repeated here: what failed is to be seen, and is repeated by the workflow.
  const clientOptions = { retryOptions: { maxRetries: 0 }, ...options.clientOptions };
  const vault = new KeyClient(url, credential, clientOptions);
  const call = async <T>(task: string, send: (abortSignal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await within({ store: name, timeoutMs }, send);
    } catch (error) {
      throw error instanceof KeyStoreError ? error : storeError(name, task, answerOf(error));
    }
  };
  return {
    name,
    algorithms,
    generate: async ({ algorithm, label }) => {
      requireAlgorithm({ name, algorithms }, algorithm);
      const { id, key = {} } = await call('make a key', (abortSignal) =>
        vault.createEcKey(keyName(label, LONGEST_NAME), { curve: 'P-256', keyOps: ['sign', 'verify'], hsm, abortSignal }),
      );
      if (id === undefined) throw new KeyStoreError(`${name} did not say which key it made`, { storeIsDown: false });
      const jwk = { kty: 'EC', crv: key.crv ?? '', x: base64url(key.x), y: base64url(key.y) };
      return { reference: { store: name, key: id }, publicJwk: publicJwkFrom(name, algorithm, { jwk }) };
    },
    signer: (key) => {
      const client = new CryptographyClient(key.reference.key, credential, clientOptions);
      const sign = async (data: Uint8Array): Promise<Uint8Array> => {
        const digest = createHash('sha256').update(data).digest();
        return (await call('sign', (abortSignal) => client.sign('ES256', digest, { abortSignal }))).result;
      };
      return checkedSigner({ store: name, key, sign });
    },
    close: () => Promise.resolve(),
  };
}

function base64url(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64url');
}

function answerOf(error: unknown): { status?: number | undefined; code?: string | undefined } {
  if (!(error instanceof Error)) return {};
  const { statusCode, code, name: kind } = error as Error & { statusCode?: number; code?: string };
  return { status: statusCode, code: code ?? kind };
}
