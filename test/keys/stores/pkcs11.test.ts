import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { jwkThumbprint } from '../../../keys/public-jwk.js';
import type { KeyStore, StoredKey } from '../../../keys/key-store.js';
import type { Signer } from '../../../keys/signer.js';
import { KeyStoreError } from '../../../keys/stores/key-store-error.js';
import { openPkcs11 } from '../../../keys/stores/pkcs11.js';
import { failureOf } from './failure-of.js';
import { SoftHsm, softHsmMissing } from './soft-hsm.js';
import { verifiesWith } from './verifies-with.js';

const ES256 = { algorithm: 'ES256', certificateChain: [] } as const;
const DATA = new TextEncoder().encode('a credential to be');

describe.skipIf(softHsmMissing !== undefined)(
  `PKCS #11, by SoftHSM${softHsmMissing === undefined ? '' : ` (${softHsmMissing})`}`,
  () => {
    let hsm: SoftHsm;
    const opened: KeyStore[] = [];

    async function open(more: Partial<Parameters<typeof openPkcs11>[0]> = {}): Promise<KeyStore> {
      const { module, token, pin } = hsm;
      const store = await openPkcs11({ module, token, pin, sessions: 4, timeoutMs: 10_000, ...more });
      opened.push(store);
      return store;
    }

    beforeAll(() => {
      hsm = new SoftHsm();
      vi.stubEnv('SOFTHSM2_CONF', hsm.configuration);
    });
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });
    afterAll(() => {
      vi.unstubAllEnvs();
      hsm.remove();
    });

    describe('a key', () => {
      let store: KeyStore;
      let key: StoredKey;
      let signer: Signer;
      beforeAll(async () => {
        const { module, token, pin } = hsm;
        store = await openPkcs11({ module, token, pin, sessions: 4, timeoutMs: 10_000 });
        key = await store.generate({ algorithm: 'ES256', label: 'chancery/default/credential-signing/1' });
        signer = store.signer({ ...key, ...ES256, certificateChain: ['MA=='] });
      });
      afterAll(() => store.close());

      it('is named by a label that its operators read', () => {
        expect(key.reference.store).toBe('pkcs11');
        expect(key.reference.key).toMatch(/^chancery-default-credential-signing-1-[0-9a-f]{12}$/);
      });

      it('is told to be remote, by its thumbprint, with its chain', () => {
        expect(signer).toMatchObject({ remote: true, algorithm: 'ES256', publicJwk: key.publicJwk, certificateChain: ['MA=='] });
        expect(signer.keyId).toBe(jwkThumbprint({ ...key.publicJwk }));
      });

      it('signs so that its public key verifies', async () => {
        expect(verifiesWith(key.publicJwk, DATA, await signer.sign(DATA))).toBe(true);
      });

      it('signs many at once, each its own, without holding up this process', async () => {
        const messages = Array.from({ length: 40 }, (_, index) => new TextEncoder().encode(`message ${index}`));
        let turns = 0;
        const turning = setInterval(() => (turns += 1), 1);
        const signatures = await Promise.all(messages.map((message) => signer.sign(message)));
        clearInterval(turning);
        expect(messages.every((message, index) => verifiesWith(key.publicJwk, message, signatures[index]!))).toBe(true);
        expect(turns).toBeGreaterThan(0);
      });

      it('is found again by another process, from what is on record', async () => {
        const again = (await open()).signer({ ...key, ...ES256 });
        expect(verifiesWith(key.publicJwk, DATA, await again.sign(DATA))).toBe(true);
      });

      it('is another one each time, whatever its label', async () => {
        const label = 'chancery/default/credential-signing/1';
        const [one, other] = [await store.generate({ ...ES256, label }), await store.generate({ ...ES256, label })];
        expect(new Set([key, one, other].map(({ reference }) => reference.key)).size).toBe(3);
        expect(verifiesWith(other.publicJwk, DATA, await store.signer({ ...other, ...ES256 }).sign(DATA))).toBe(true);
      });

      it('gives no signature out that its public key on record does not verify', async () => {
        const other = await store.generate({ ...ES256, label: 'another' });
        const mixedUp = store.signer({ reference: other.reference, publicJwk: key.publicJwk, ...ES256 });
        expect(await failureOf(mixedUp.sign(DATA))).toMatchObject({
          retryable: true,
          message: 'pkcs11 answered with a signature that does not verify',
        });
      });

      it('that the token does not have leaves the others usable', async () => {
        const absent = store.signer({ reference: { store: 'pkcs11', key: 'no-such-label' }, publicJwk: key.publicJwk, ...ES256 });
        expect(await failureOf(absent.sign(DATA))).toMatchObject({ retryable: true, storeIsDown: false });
        expect(verifiesWith(key.publicJwk, DATA, await signer.sign(DATA))).toBe(true);
      });

      it('of Ed25519 is refused, for good', async () => {
        expect(store.algorithms).toEqual(['ES256']);
        expect(await failureOf(store.generate({ algorithm: 'EdDSA', label: 'x' }))).toMatchObject({ retryable: false });
      });

      it('signs nothing while the token is away, and again when it is back', async () => {
        hsm.pullOut();
        const away = await failureOf(signer.sign(DATA));
        const stillAway = await failureOf(signer.sign(DATA));
        hsm.plugIn();
        for (const failure of [away, stillAway]) {
          expect(failure).toBeInstanceOf(KeyStoreError);
          expect(failure).toMatchObject({ retryable: true, storeIsDown: true });
          expect(failure.message).not.toContain(hsm.pin);
        }
        expect(verifiesWith(key.publicJwk, DATA, await signer.sign(DATA))).toBe(true);
      });

      it('signs at once where the token went and came back between two signatures', async () => {
        await signer.sign(DATA);
        hsm.pullOut();
        hsm.plugIn();
        expect(verifiesWith(key.publicJwk, DATA, await signer.sign(DATA))).toBe(true);
      });
    });

    it('a wrong PIN is tried once, and not again: a token locks itself', async () => {
      const store = await open({ pin: '00000000' });
      const first = await failureOf(store.generate({ ...ES256, label: 'x' }));
      const second = await failureOf(store.generate({ ...ES256, label: 'x' }));
      expect(first).toMatchObject({
        retryable: true,
        storeIsDown: true,
        message: expect.stringContaining('CKR_PIN_INCORRECT') as string,
      });
      expect(second.message).toContain('its PIN was refused');
      expect(`${first.message}${second.message}`).not.toContain('00000000');
    });

    it.each([
      ['a token that is not there', { token: 'another' }, 'TOKEN_ABSENT'],
      ['a module that is not there', { module: '/nowhere/libpkcs11.so' }, 'MODULE_FAULT'],
    ])('%s is an outage', async (_what, more, code) => {
      const store = await open(more);
      const failure = await failureOf(store.generate({ ...ES256, label: 'x' }));
      expect(failure).toMatchObject({ retryable: true, storeIsDown: true, message: expect.stringContaining(code) as string });
    });

    it('a call that takes too long is given up', async () => {
      const store = await open({ timeoutMs: 1 });
      expect(await failureOf(store.generate({ ...ES256, label: 'x' }))).toMatchObject({
        retryable: true,
        storeIsDown: true,
        message: 'pkcs11 did not answer within 1 ms',
      });
    });

    it('is asked nothing until the first call', async () => {
      const store = await open({ module: '/nowhere/libpkcs11.so' });
      expect(() => store.signer({ reference: { store: 'pkcs11', key: 'x' }, publicJwk: KEY, ...ES256 })).not.toThrow();
    });
  },
);

const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
} as const;
