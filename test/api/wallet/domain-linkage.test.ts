import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { DomainLinkages } from '../../../api/wallet/domain-linkage.js';
import type { AssertionSigner } from '../../../keys/credential-signers.js';
import { SignerError } from '../../../keys/signer.js';
import { freshSigner } from '../../keys/test-signers.js';

const DID = 'did:web:issuer.example';
const ORIGIN = 'https://issuer.example';
const NOW = Date.parse('2026-03-14T15:09:26.535Z');
const DAY_MS = 86_400_000;

function assertionOf(algorithm: 'ES256' | 'EdDSA' = 'EdDSA'): AssertionSigner & { signatures: number; away: boolean } {
  const real = freshSigner(algorithm);
  const assertion = {
    did: DID,
    verificationMethod: `${DID}#${real.keyId}`,
    signatures: 0,
    away: false,
    signer: {
      ...real,
      sign: (data: Uint8Array) => {
        assertion.signatures += 1;
        if (assertion.away) return Promise.reject(new SignerError('away', { retryable: true }));
        return real.sign(data);
      },
    },
  };
  return assertion;
}

describe('a domain linkage credential (DIF Well Known DID Configuration)', () => {
  it.each(['ES256', 'EdDSA'] as const)(
    'is a JWT by %s with the members that there have to be, and no others',
    async (algorithm) => {
      const assertion = assertionOf(algorithm);
      const jwt = await new DomainLinkages({ origin: ORIGIN, now: () => NOW }).of(assertion);
      const key = await importJWK({ ...assertion.signer.publicJwk }, algorithm);
      const { payload, protectedHeader } = await jwtVerify(jwt, key, { currentDate: new Date(NOW), issuer: DID, subject: DID });
      expect(protectedHeader).toEqual({ alg: algorithm, kid: assertion.verificationMethod });
      expect(payload).toEqual({
        iss: DID,
        sub: DID,
        nbf: Date.parse('2026-03-14T15:00:00Z') / 1000,
        exp: Date.parse('2027-03-14T15:00:00Z') / 1000,
        vc: {
          '@context': ['https://www.w3.org/2018/credentials/v1', 'https://identity.foundation/.well-known/did-configuration/v1'],
          type: ['VerifiableCredential', 'DomainLinkageCredential'],
          issuer: DID,
          issuanceDate: '2026-03-14T15:00:00Z',
          expirationDate: '2027-03-14T15:00:00Z',
          credentialSubject: { id: DID, origin: ORIGIN },
        },
      });
    },
  );

  it('is signed once for all who ask at once and later, and anew long before its end', async () => {
    let now = NOW;
    const linkages = new DomainLinkages({ origin: ORIGIN, now: () => now });
    const assertion = assertionOf();
    const [first, second] = await Promise.all([linkages.of(assertion), linkages.of(assertion)]);
    expect(second).toBe(first);
    now += 182 * DAY_MS;
    expect(await linkages.of(assertion)).toBe(first);
    expect(assertion.signatures).toBe(1);
    now += DAY_MS;
    const renewed = await linkages.of(assertion);
    expect(decodeJwt(renewed).exp! - decodeJwt(first).exp!).toBe((183 * DAY_MS) / 1000);
    expect(assertion.signatures).toBe(2);
  });

  it('goes on serving while the signer is away, but not beyond its end', async () => {
    let now = NOW;
    const linkages = new DomainLinkages({ origin: ORIGIN, now: () => now });
    const assertion = assertionOf();
    const first = await linkages.of(assertion);
    assertion.away = true;
    now += 200 * DAY_MS;
    expect(await Promise.all([linkages.of(assertion), linkages.of(assertion)])).toEqual([first, first]);
    now += 165 * DAY_MS;
    await expect(linkages.of(assertion)).rejects.toThrow(SignerError);
    assertion.away = false;
    expect(decodeJwt(await linkages.of(assertion)).nbf).toBeGreaterThan(decodeJwt(first).nbf!);
  });

  it('is another one for another key, and forgotten with it', async () => {
    const linkages = new DomainLinkages({ origin: ORIGIN, now: () => NOW });
    const [one, other] = [assertionOf(), assertionOf()];
    const [first, second] = [await linkages.of(one), await linkages.of(other)];
    expect(decodeProtectedHeader(second).kid).not.toBe(decodeProtectedHeader(first).kid);
    linkages.keepOnly(new Set([other.verificationMethod]));
    expect(await linkages.of(other)).toBe(second);
    await linkages.of(one);
    expect([one.signatures, other.signatures]).toEqual([2, 1]);
  });

  it('does not leave with a signature that does not verify', async () => {
    const assertion = assertionOf();
    const signer = { ...assertion.signer, sign: () => Promise.resolve(new Uint8Array(64)) };
    const linkages = new DomainLinkages({ origin: ORIGIN, now: () => NOW });
    await expect(linkages.of({ ...assertion, signer })).rejects.toMatchObject({ name: 'SignerError', retryable: true });
    expect(decodeJwt(await linkages.of(assertion)).iss).toBe(DID);
  });
});
