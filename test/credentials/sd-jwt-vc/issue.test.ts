import { createHash, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { CredentialContentError } from '../../../credentials/credential-content-error.js';
import { typeMetadata } from '../../../credentials/sd-jwt-vc/type-metadata.js';
import { readCertificate } from '../../../keys/certificates.js';
import { createLocalSigner } from '../../../keys/local-signer.js';
import { SignerError } from '../../../keys/signer.js';
import { ISSUER, makeIssuerKeys, type IssuerKeys } from '../../keys/issuer-keys.js';
import {
  configurationOf,
  disclosuresOf,
  fromClaims,
  headerOf,
  holderJwk,
  issue,
  payloadOf,
  verifiedClaims,
  verifiesWith,
} from './test-credential.js';

let keys: IssuerKeys;
beforeAll(async () => {
  keys = await makeIssuerKeys();
});

const HOUR = Date.parse('2026-03-14T15:00:00Z') / 1000;
const name = configurationOf(fromClaims('given_name'));

describe('the header', () => {
  it('SDV-01 is typed dc+sd-jwt and names algorithm, key and chain', async () => {
    const { credential } = await issue(keys.signer, name, { given_name: 'Ada' });
    expect(headerOf(credential)).toEqual({
      typ: 'dc+sd-jwt',
      alg: 'ES256',
      kid: keys.leaf.keyId,
      x5c: keys.leaf.certificateChain,
    });
    expect(verifiesWith(credential, { ...keys.leaf.publicJwk })).toBe(true);
    expect(verifiesWith(credential, { ...keys.accessToken.publicJwk })).toBe(false);
  });

  it('HAP-15 has a chain without its root, whose leaf is signed by that root', async () => {
    const { x5c } = headerOf((await issue(keys.signer, name, {})).credential) as { x5c: string[] };
    const root = new X509Certificate(Buffer.from(keys.root.certificateChain[0]!, 'base64'));
    const leaf = new X509Certificate(Buffer.from(x5c[0]!, 'base64'));
    expect(x5c).toHaveLength(1);
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.verify(leaf.publicKey)).toBe(false);
  });

  it('SDV-05 goes with an iss that the certificate names', async () => {
    const { credential } = await issue(keys.signer, name, {});
    expect(payloadOf(credential).iss).toBe(ISSUER);
    expect(readCertificate((headerOf(credential).x5c as string[])[0]!).uris).toContain(ISSUER);
    const leaf = new X509Certificate(Buffer.from((headerOf(credential).x5c as string[])[0]!, 'base64'));
    expect(leaf.checkHost(new URL(ISSUER).hostname)).toBe('issuer.example');
  });
});

describe('the switches of a configuration', () => {
  it('SDV-06 decoy digests stand among the others, belong to no disclosure, and cost no verifier anything', async () => {
    const { credential } = await issue(keys.signer, { ...name, decoyDigests: 7 }, { given_name: 'Ada' });
    const digests = payloadOf(credential)._sd as string[];
    expect(new Set(digests).size).toBe(8);
    expect(digests).toEqual([...digests].sort());
    expect(disclosuresOf(credential)).toHaveLength(1);
    expect(await verifiedClaims(credential)).toMatchObject({ given_name: 'Ada' });
  });

  it('SDV-06 decoys stand also where there is no claim', async () => {
    const { credential } = await issue(keys.signer, { ...name, decoyDigests: 3 }, {});
    expect(payloadOf(credential)).toMatchObject({
      _sd_alg: 'sha-256',
      _sd: expect.arrayContaining([expect.any(String)]) as unknown,
    });
    expect(await verifiedClaims(credential)).not.toHaveProperty('given_name');
  });

  it('SDV-01 vc+sd-jwt is the typ of the legacy format', async () => {
    const { credential } = await issue(keys.signer, { ...name, legacyFormat: true }, {});
    expect(headerOf(credential).typ).toBe('vc+sd-jwt');
  });

  it('SDV-10 vct#integrity is the hash of the type metadata as it is served', async () => {
    const configuration = { ...name, vctIntegrity: true };
    const { credential } = await issue(keys.signer, configuration, {});
    const served = JSON.stringify(typeMetadata({ configuration, issuerIdentifier: ISSUER }));
    const hash = createHash('sha256').update(served).digest('base64');
    expect(payloadOf(credential)['vct#integrity']).toBe(`sha256-${hash}`);
  });

  it('SDV-03 a status names list and index in clear', async () => {
    const status = { mechanism: 'token-status-list', uri: `${ISSUER}/statuslists/1`, index: 412 } as const;
    const { credential } = await issue(keys.signer, name, {}, { status });
    expect(payloadOf(credential).status).toEqual({ status_list: { idx: 412, uri: `${ISSUER}/statuslists/1` } });
  });
});

describe('the payload', () => {
  it('SDV-02 carries the vct of the configuration', async () => {
    const type = 'https://issuer.example/credentials/employee';
    expect(payloadOf((await issue(keys.signer, name, {})).credential).vct).toBe(`${ISSUER}/vct/employee`);
    expect(payloadOf((await issue(keys.signer, configurationOf({}, { type }), {})).credential).vct).toBe(type);
  });

  it('SDV-04 HAP-17 binds to the bare holder key and nothing beside it', async () => {
    const jwk = holderJwk();
    const holderKey = { ...jwk, kid: 'k', use: 'sig', alg: 'ES256', d: 'private' };
    const { credential } = await issue(keys.signer, name, {}, { holderKey });
    expect(payloadOf(credential).cnf).toEqual({ jwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y } });
    expect(credential).not.toContain('private');
  });

  it('HAP-17 has no cnf where the configuration binds to no key', async () => {
    const unbound = configurationOf(fromClaims('given_name'), { holderBinding: false });
    for (const holderKey of [null, holderJwk()]) {
      expect(payloadOf((await issue(keys.signer, unbound, {}, { holderKey })).credential)).not.toHaveProperty('cnf');
    }
  });

  it('HAP-17 is not made without the key that the configuration binds to, nor with one that is none', async () => {
    await expect(issue(keys.signer, name, {}, { holderKey: null })).rejects.toBeInstanceOf(CredentialContentError);
    await expect(issue(keys.signer, name, {}, { holderKey: { kty: 'oct', k: 'x' } })).rejects.toBeInstanceOf(
      CredentialContentError,
    );
  });

  it('SDV-12 has times cut to the hour', async () => {
    const yearly = configurationOf(fromClaims('given_name'), { expiresIn: { years: 1 } });
    const { credential, validUntil } = await issue(keys.signer, yearly, {});
    expect(payloadOf(credential)).toMatchObject({ iat: HOUR, nbf: HOUR, exp: Date.parse('2027-03-14T15:00:00Z') / 1000 });
    expect(validUntil).toEqual(new Date('2027-03-14T15:00:00Z'));
    expect(HOUR * 1000).toBeGreaterThanOrEqual(readCertificate(keys.leaf.certificateChain[0]!).notBefore);
  });

  it('HAP-16 has no exp where the configuration sets no end', async () => {
    const { credential, validUntil } = await issue(keys.signer, name, {});
    expect(payloadOf(credential)).not.toHaveProperty('exp');
    expect(validUntil).toBeUndefined();
  });

  it('never outlives the signing certificate', async () => {
    const { notAfter } = readCertificate(keys.leaf.certificateChain[0]!);
    const { validUntil } = await issue(keys.signer, configurationOf({}, { expiresIn: { years: 5 } }), {});
    expect(validUntil!.getTime()).toBeLessThanOrEqual(notAfter);
    expect(validUntil!.getTime()).toBeGreaterThan(notAfter - 3_600_000);
  });

  it('holds no claim that the configuration does not map', async () => {
    const { credential } = await issue(
      keys.signer,
      name,
      {},
      { claims: { given_name: 'Ada', family_name: 'Lovelace', iss: 'evil' } },
    );
    expect(await verifiedClaims(credential)).not.toHaveProperty('family_name');
    expect(payloadOf(credential).iss).toBe(ISSUER);
  });
});

describe('no credential is made', () => {
  it('with a certificate that has ended: the next key may be on its way', async () => {
    const { notAfter } = readCertificate(keys.leaf.certificateChain[0]!);
    await expect(issue(keys.signer, name, {}, { now: notAfter })).rejects.toMatchObject({ name: 'SignerError', retryable: true });
  });

  it('with a key that has no certificate', async () => {
    const signer = createLocalSigner({ document: keys.accessToken, ring: keys.ring });
    await expect(issue(signer, name, {})).rejects.toMatchObject({ name: 'SignerError', retryable: false });
  });

  it('by a signer that fails; its error comes through', async () => {
    const away = { ...keys.signer, sign: () => Promise.reject(new SignerError('the HSM is away', { retryable: true })) };
    await expect(issue(away, name, {})).rejects.toMatchObject({ name: 'SignerError', retryable: true });
  });

  it('of a claim whose parts must be disclosable and that has none', async () => {
    const list = configurationOf({
      list: { mapFrom: 'claims.list', selectiveDisclosure: false, selectiveDisclosureOfElements: true },
    });
    const error = issue(keys.signer, list, { list: 'secret value' });
    await expect(error).rejects.toBeInstanceOf(CredentialContentError);
    await expect(error).rejects.not.toThrow(/secret value/);
  });

  it('SDV-06 of a value with members that SD-JWT reserves', async () => {
    await expect(issue(keys.signer, name, { given_name: { _sd: ['x'] } })).rejects.toBeInstanceOf(CredentialContentError);
  });
});

describe('a signature that does not verify', () => {
  it('keeps the credential from leaving', async () => {
    const wrongKey = createLocalSigner({ document: keys.accessToken, ring: keys.ring });
    const broken = { ...keys.signer, sign: (data: Uint8Array) => wrongKey.sign(data) };
    await expect(issue(broken, name, {})).rejects.toThrow('the signature does not verify');
  });
});
