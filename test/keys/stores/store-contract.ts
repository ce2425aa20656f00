import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KeyStore, StoredKey } from '../../../keys/key-store.js';
import { jwkThumbprint } from '../../../keys/public-jwk.js';
import type { Signer, SigningAlgorithm } from '../../../keys/signer.js';
import { KeyStoreError } from '../../../keys/stores/key-store-error.js';
import { failureOf } from './failure-of.js';
import type { StoreFault, StoreStandIn } from './store-stand-in.js';
import { verifiesWith } from './verifies-with.js';

const DATA = new TextEncoder().encode('a credential to be');
const TIMEOUT_MS = 700;
const LABEL = 'chancery/default/credential-signing/1/lx0';

interface ContractOptions {
  readonly standIn: () => StoreStandIn;
  readonly open: (options: { readonly timeoutMs: number }) => Promise<KeyStore>;
  readonly algorithms: readonly SigningAlgorithm[];
  /** What messages must not hold. */
  readonly secrets: () => readonly string[];
}

/** For each fault whether the store as a whole is out of service then, and what is said of it. */
const FAULTS: readonly (readonly [StoreFault, boolean, RegExp])[] = [
  ['hangs', true, new RegExp(`did not answer within ${TIMEOUT_MS} ms`)],
  ['hangs up', true, /did not sign: /],
  ['fails', true, /did not sign: /],
  ['throttles', true, /did not sign: /],
  ['denies', false, /did not sign: /],
  ['babbles', true, /did not sign: |does not verify/],
  ['signs wrongly', true, /does not verify/],
  ['signs garbage', true, /does not verify/],
];

/** Every adapter to a cloud's key store, against its stand-in. */
export function keepsTheContract({ standIn, open, algorithms, secrets }: ContractOptions): void {
  let store: KeyStore;
  beforeAll(async () => {
    store = await open({ timeoutMs: TIMEOUT_MS });
  });
  afterEach(() => {
    standIn().fault = undefined;
  });
  afterAll(() => store.close());

  it('says which algorithms it has', () => {
    expect(store.algorithms).toEqual(algorithms);
  });

  it('asks nothing of the store before the first signature', async () => {
    const key = await store.generate({ algorithm: 'ES256', label: LABEL });
    const before = standIn().requests.length;
    store.signer({ ...key, algorithm: 'ES256', certificateChain: [] });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(standIn().requests.length).toBe(before);
  });

  it('refuses for good to make a key of an algorithm that the store does not have', async () => {
    for (const algorithm of (['ES256', 'EdDSA'] as const).filter((each) => !algorithms.includes(each)))
      expect(await failureOf(store.generate({ algorithm, label: LABEL }))).toMatchObject({ retryable: false });
  });

  describe.each(algorithms)('an %s key', (algorithm) => {
    let key: StoredKey;
    let signer: Signer;
    beforeAll(async () => {
      key = await store.generate({ algorithm, label: LABEL });
      signer = store.signer({ ...key, algorithm, certificateChain: ['MA=='] });
    });

    it('is told to be remote, by its thumbprint, with its chain', () => {
      expect(signer).toMatchObject({ remote: true, algorithm, publicJwk: key.publicJwk, certificateChain: ['MA=='] });
      expect(signer.keyId).toBe(jwkThumbprint({ ...key.publicJwk }));
    });

    it('signs so that its public key verifies, also where halves of the signature are short', async () => {
      // Of 600 halves two or three begin with a zero byte.
      for (let round = 0; round < 10; round += 1) {
        const messages = Array.from({ length: 30 }, (_, index) => new TextEncoder().encode(`message ${round} ${index}`));
        const signatures = await Promise.all(messages.map((message) => signer.sign(message)));
        expect(messages.map((message, index) => verifiesWith(key.publicJwk, message, signatures[index]!))).toEqual(
          messages.map(() => true),
        );
      }
    });

    it('signs through another client, from what is on record', async () => {
      const again = await open({ timeoutMs: TIMEOUT_MS });
      const signature = await again.signer({ ...key, algorithm, certificateChain: [] }).sign(DATA);
      await again.close();
      expect(verifiesWith(key.publicJwk, DATA, signature)).toBe(true);
    });

    it.each(FAULTS)('gives nothing out while the store %s, and signs again after', async (fault, storeIsDown, message) => {
      await signer.sign(DATA);
      standIn().fault = fault;
      const failure = await failureOf(signer.sign(DATA));
      expect(failure).toBeInstanceOf(KeyStoreError);
      expect(failure).toMatchObject({ retryable: true, storeIsDown });
      expect(failure.message).toMatch(message);
      for (const secret of secrets()) expect(JSON.stringify([failure.message, failure.cause])).not.toContain(secret);
      standIn().fault = undefined;
      expect(verifiesWith(key.publicJwk, DATA, await signer.sign(DATA))).toBe(true);
    });
  });

  it.each(['hangs', 'hangs up', 'fails', 'denies', 'babbles'] as const)('makes no key while the store %s', async (fault) => {
    standIn().fault = fault;
    expect(await failureOf(store.generate({ algorithm: 'ES256', label: LABEL }))).toMatchObject({ retryable: true });
  });

  it('a key that the store does not have is no outage', async () => {
    const key = await store.generate({ algorithm: 'ES256', label: LABEL });
    const absent = {
      ...key,
      reference: { ...key.reference, key: key.reference.key.replace(/[0-9a-f]{6}(?=\/cryptoKeyVersions|\/|$)/, 'ffffff') },
    };
    const failure = await failureOf(store.signer({ ...absent, algorithm: 'ES256', certificateChain: [] }).sign(DATA));
    expect(failure).toMatchObject({ retryable: true, storeIsDown: false });
  });
}
