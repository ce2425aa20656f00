import { createHash } from 'node:crypto';
import type { KeyStore } from '../key-store.js';
import { checkedSigner } from './checked-signer.js';
import { keyName } from './key-name.js';
import { Pkcs11Host, type Pkcs11HostOptions } from './pkcs11-host.js';
import { publicJwkFrom, requireAlgorithm } from './public-key.js';

const name = 'pkcs11';
/** Ed25519 is in too few modules, and under too many names, to be promised. */
const algorithms = ['ES256'] as const;
const LONGEST_LABEL = 120;

/**
 * Keys in a PKCS #11 token, named by their label.
 *
 * @throws where the package `pkcs11js` is not installed, or not built
 */
export async function openPkcs11(options: Pkcs11HostOptions): Promise<KeyStore> {
  // It is used in another process; here it only shows that it is there.
  await import('pkcs11js');
  const host = new Pkcs11Host(options);
  return {
    name,
    algorithms,
    generate: async ({ algorithm, label }) => {
      requireAlgorithm({ name, algorithms }, algorithm);
      const key = keyName(label, LONGEST_LABEL);
      const point = Buffer.from(await host.call({ task: 'generate', label: key }));
      const jwk = {
        kty: 'EC',
        crv: 'P-256',
        x: point.subarray(1, 33).toString('base64url'),
        y: point.subarray(33).toString('base64url'),
      };
      return { reference: { store: name, key }, publicJwk: publicJwkFrom(name, algorithm, { jwk }) };
    },
    signer: (key) =>
      checkedSigner({
        store: name,
        key,
        sign: (data) => host.call({ task: 'sign', label: key.reference.key, digest: createHash('sha256').update(data).digest() }),
      }),
    close: () => {
      host.close();
      return Promise.resolve();
    },
  };
}
