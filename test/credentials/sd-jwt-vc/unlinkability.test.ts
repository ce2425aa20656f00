import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeIssuerKeys, NOW, type IssuerKeys } from '../../keys/issuer-keys.js';
import { configurationOf, disclosuresOf, fromClaims, headerOf, issue, payloadOf } from './test-credential.js';

let keys: IssuerKeys;
beforeAll(async () => {
  keys = await makeIssuerKeys();
});

const configuration = configurationOf(
  { ...fromClaims('given_name', 'family_name'), list: { mapFrom: 'claims.list', selectiveDisclosureOfElements: true } },
  { expiresIn: { days: 30 } },
);
const claims = { given_name: 'Ada', family_name: 'Lovelace', list: ['a', 'a', 'a'] };
const SIZE = 20;

const digestsOf = (credential: string): unknown[] => payloadOf(credential)._sd as unknown[];

describe('the copies of a batch', () => {
  it('SDV-06 share no salt, no digest and no disclosure, within a copy or between two', async () => {
    const batch = await Promise.all(Array.from({ length: SIZE }, () => issue(keys.signer, configuration, claims)));
    const salts = batch.flatMap(({ credential }) => disclosuresOf(credential).map(([salt]) => salt));
    expect(salts).toHaveLength(SIZE * 6);
    expect(new Set(salts).size).toBe(salts.length);
    const digests = batch.flatMap(({ credential }) => digestsOf(credential));
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('SDV-06 have salts of 128 random bits', async () => {
    const asked: number[] = [];
    const random = (bytes: number): Uint8Array => {
      asked.push(bytes);
      return new Uint8Array(bytes).fill(asked.length);
    };
    const { credential } = await issue(keys.signer, configuration, claims, { random });
    expect(asked).toEqual([16, 16, 16, 16, 16, 16]);
    expect(new Set(disclosuresOf(credential).map(([salt]) => Buffer.from(salt, 'base64url')[0]))).toEqual(
      new Set([1, 2, 3, 4, 5, 6]),
    );
  });

  it('do not leave where the random source repeats itself', async () => {
    const stuck = (bytes: number): Uint8Array => new Uint8Array(bytes);
    await expect(issue(keys.signer, configuration, claims, { random: stuck })).rejects.toThrow('share a salt');
  });

  it('SDV-12 differ in nothing else than key and digests, even minutes apart', async () => {
    const [one, two] = await Promise.all(
      [NOW, NOW + 20 * 60_000].map((now) => issue(keys.signer, configuration, claims, { now })),
    );
    const common = (credential: string): unknown => ({ ...payloadOf(credential), cnf: undefined, _sd: undefined });
    expect(common(one!.credential)).toEqual(common(two!.credential));
    expect(headerOf(one!.credential)).toEqual(headerOf(two!.credential));
    expect(one!.validUntil).toEqual(two!.validUntil);
  });

  it('SDV-06 do not tell by position which digest is whose', async () => {
    const positions = new Set<number>();
    for (let copy = 0; copy < 200 && positions.size < 3; copy += 1) {
      const { credential } = await issue(keys.signer, configurationOf(fromClaims('given_name', 'family_name', 'list')), claims);
      const first = createHash('sha256').update(credential.split('~')[1]!).digest('base64url');
      positions.add(digestsOf(credential).indexOf(first));
    }
    expect(positions.size).toBe(3);
  });
});
