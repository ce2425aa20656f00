import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClaimMapping, ClaimMappings } from '../../../credentials/claim-mapping.js';
import { makeIssuerKeys, type IssuerKeys } from '../../keys/issuer-keys.js';
import { configurationOf, disclosuresOf, fromClaims, issue, payloadOf, present, verifiedClaims } from './test-credential.js';

let keys: IssuerKeys;
beforeAll(async () => {
  keys = await makeIssuerKeys();
});

const credentialOf = async (mappings: ClaimMappings, claims: Readonly<Record<string, unknown>>): Promise<string> =>
  (await issue(keys.signer, configurationOf(mappings), claims)).credential;

const ADDRESS = {
  'address.locality': { mapFrom: 'claims.locality' },
  'address.country': { mapFrom: 'claims.country', selectiveDisclosure: false },
};
const RESIDENCE = { locality: 'Otara', country: 'NZ' };

describe('a flat claim', () => {
  it('is disclosable unless its mapping says otherwise, and an independent verifier reads it either way', async () => {
    const mappings = { ...fromClaims('given_name'), level: { defaultValue: 'basic', selectiveDisclosure: false } };
    const credential = await credentialOf(mappings, { given_name: 'Ada' });
    expect(payloadOf(credential)).toMatchObject({ level: 'basic' });
    expect(payloadOf(credential)).not.toHaveProperty('given_name');
    expect(await verifiedClaims(credential)).toMatchObject({ given_name: 'Ada', level: 'basic' });
    expect(await verifiedClaims(await present(credential, {}))).not.toHaveProperty('given_name');
  });

  it('can be shown alone', async () => {
    const credential = await credentialOf(fromClaims('given_name', 'family_name'), {
      given_name: 'Ada',
      family_name: 'Lovelace',
    });
    const shown = await verifiedClaims(await present(credential, { family_name: true }));
    expect(shown).toMatchObject({ family_name: 'Lovelace' });
    expect(shown).not.toHaveProperty('given_name');
  });
});

describe('SDV-07 nested claims', () => {
  it('are disclosable apart, in an object that stands in clear where nothing says otherwise', async () => {
    const credential = await credentialOf(ADDRESS, RESIDENCE);
    expect(payloadOf(credential).address).toEqual({ country: 'NZ', _sd: [expect.any(String)] });
    expect(payloadOf(credential)).not.toHaveProperty('_sd');
    expect((await verifiedClaims(credential)).address).toEqual(RESIDENCE);
    expect((await verifiedClaims(await present(credential, {}))).address).toEqual({ country: 'NZ' });
  });

  it('are disclosed recursively where the object around them is disclosable too', async () => {
    const credential = await credentialOf({ address: { selectiveDisclosure: true }, ...ADDRESS }, RESIDENCE);
    expect(payloadOf(credential)).not.toHaveProperty('address');
    expect(payloadOf(credential)._sd).toHaveLength(1);
    expect((await verifiedClaims(credential)).address).toEqual(RESIDENCE);
    expect(await verifiedClaims(await present(credential, {}))).not.toHaveProperty('address');
    expect((await verifiedClaims(await present(credential, { address: true }))).address).toEqual({ country: 'NZ' });
    expect((await verifiedClaims(await present(credential, { address: { locality: true } }))).address).toEqual(RESIDENCE);
  });

  it('are in one disclosure where the object is mapped whole', async () => {
    const credential = await credentialOf(fromClaims('address'), { address: RESIDENCE });
    expect(disclosuresOf(credential)).toEqual([[expect.any(String), 'address', RESIDENCE]]);
  });
});

describe('SDV-07 array elements', () => {
  const list = (more: ClaimMapping): ClaimMappings => ({ nationalities: { mapFrom: 'claims.nationalities', ...more } });
  const nationalities = ['NZ', 'WS', { code: 'TO' }];

  it('stay together unless their mapping says otherwise', async () => {
    const credential = await credentialOf(list({}), { nationalities });
    expect(disclosuresOf(credential)).toEqual([[expect.any(String), 'nationalities', nationalities]]);
  });

  it('are disclosable one by one in an array that is in clear', async () => {
    const credential = await credentialOf(list({ selectiveDisclosure: false, selectiveDisclosureOfElements: true }), {
      nationalities,
    });
    expect(payloadOf(credential).nationalities).toEqual(nationalities.map(() => ({ '...': expect.any(String) as string })));
    expect((await verifiedClaims(credential)).nationalities).toEqual(nationalities);
    expect((await verifiedClaims(await present(credential, { nationalities: { 1: true } }))).nationalities).toEqual(['WS']);
    expect((await verifiedClaims(await present(credential, {}))).nationalities).toEqual([]);
  });

  it('are disclosable one by one in an array that is disclosable itself', async () => {
    const credential = await credentialOf(list({ selectiveDisclosureOfElements: true }), { nationalities });
    expect(payloadOf(credential)).not.toHaveProperty('nationalities');
    expect((await verifiedClaims(credential)).nationalities).toEqual(nationalities);
    expect((await verifiedClaims(await present(credential, { nationalities: { 0: true } }))).nationalities).toEqual(['NZ']);
    expect(await verifiedClaims(await present(credential, {}))).not.toHaveProperty('nationalities');
  });
});

describe('the digests', () => {
  it('SDV-06 say their algorithm, are sorted, and the credential ends with a tilde', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `claim_${index}`);
    const credential = await credentialOf(fromClaims(...names), Object.fromEntries(names.map((name) => [name, name])));
    const { _sd, _sd_alg } = payloadOf(credential) as { _sd: string[]; _sd_alg: string };
    expect(_sd_alg).toBe('sha-256');
    expect(_sd).toHaveLength(12);
    expect(_sd).toEqual([..._sd].sort());
    expect(credential.endsWith('~')).toBe(true);
  });

  it('SDV-06 are absent, and their algorithm with them, where nothing is disclosable', async () => {
    const credential = await credentialOf({ level: { defaultValue: 1, selectiveDisclosure: false } }, {});
    expect(payloadOf(credential)).not.toHaveProperty('_sd');
    expect(payloadOf(credential)).not.toHaveProperty('_sd_alg');
    expect(credential.split('~')).toEqual([expect.any(String), '']);
    expect(await verifiedClaims(credential)).toMatchObject({ level: 1 });
  });

  it.each(['iss', 'nbf', 'exp', 'cnf', 'vct'])('SDV-03 never hide %s', async (name) => {
    const configuration = configurationOf(fromClaims('given_name'), { expiresIn: { years: 1 } });
    const { credential } = await issue(keys.signer, configuration, { given_name: 'Ada' });
    expect(payloadOf(credential)).toHaveProperty([name]);
    expect(disclosuresOf(credential).map(([, disclosed]) => disclosed)).not.toContain(name);
  });
});

describe('whatever is mapped', () => {
  const memberName = fc
    .oneof(
      fc.constantFrom('a', 'b', 'ключ', '鍵', 'x y', 'length', '0', 'q"'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
    )
    .filter(
      (text) =>
        !/[.[\]'"\\]/.test(text) &&
        !(text in {}) &&
        !['iss', 'iat', 'nbf', 'exp', 'cnf', 'vct', 'status', 'prototype'].includes(text),
    );
  const flags = fc.record(
    { selectiveDisclosure: fc.boolean(), selectiveDisclosureOfElements: fc.boolean() },
    { requiredKeys: [] },
  );
  const claim = fc.tuple(
    fc.array(memberName, { minLength: 1, maxLength: 3 }),
    flags,
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.array(fc.string(), { maxLength: 3 })),
  );

  it('an independent verifier reads every claim, and without disclosures none that is disclosable', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(claim, { selector: ([[first]]) => first, maxLength: 6 }), async (entries) => {
        const mappings: Record<string, ClaimMapping> = {};
        const claims: Record<string, unknown> = {};
        const paths: { path: string[]; value: unknown; hidden: boolean }[] = [];
        for (const [index, [path, { selectiveDisclosureOfElements, ...more }, value]] of entries.entries()) {
          const elements =
            selectiveDisclosureOfElements === true && Array.isArray(value) ? { selectiveDisclosureOfElements } : {};
          mappings[path.join('.')] = { mapFrom: `claims.c${index}`, ...more, ...elements };
          claims[`c${index}`] = value;
          paths.push({ path, value, hidden: more.selectiveDisclosure !== false });
        }
        const credential = await credentialOf(mappings, claims);
        const all = await verifiedClaims(credential);
        const bare = await verifiedClaims(`${credential.split('~')[0]!}~`);
        for (const { path, value, hidden } of paths) {
          expect(all).toHaveProperty(path, value);
          if (hidden) expect(bare).not.toHaveProperty(path);
        }
      }),
      { numRuns: 100 },
    );
  });
});
