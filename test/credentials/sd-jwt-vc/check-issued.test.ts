import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { claimTree } from '../../../credentials/claim-tree.js';
import { checkIssued } from '../../../credentials/sd-jwt-vc/check-issued.js';
import { makeIssuerKeys, type IssuerKeys } from '../../keys/issuer-keys.js';

let keys: IssuerKeys;
beforeAll(async () => {
  keys = await makeIssuerKeys();
});

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const digest = (disclosure: string): string => createHash('sha256').update(disclosure).digest('base64url');

async function signed(payload: unknown, ...disclosures: string[]): Promise<string> {
  const input = `${encode({ alg: 'ES256' })}.${encode(payload)}`;
  const signature = Buffer.from(await keys.signer.sign(Buffer.from(input))).toString('base64url');
  return [`${input}.${signature}`, ...disclosures, ''].join('~');
}

const tree = claimTree({
  name: { mapFrom: 'claims.name' },
  level: { mapFrom: 'claims.level', selectiveDisclosure: false },
  list: { mapFrom: 'claims.list', selectiveDisclosure: false, selectiveDisclosureOfElements: true },
});
const claims = { name: 'Ada', level: 1, list: ['x'] };
const name = encode(['salt-1', 'name', 'Ada']);
const element = encode(['salt-2', 'x']);
const good = { level: 1, list: [{ '...': digest(element) }], _sd: [digest(name)] };

const check = (credential: string): Promise<void> => checkIssued({ credential, tree, claims, signer: keys.signer });

describe('the check of a finished credential', () => {
  it('lets a right one pass', async () => {
    await expect(check(await signed(good, name, element))).resolves.toBeUndefined();
  });

  it.each<[string, unknown, string[], RegExp]>([
    ['a disclosable claim in clear', { ...good, name: 'Ada', _sd: undefined }, [element], /^name is in clear/],
    ['a disclosable claim in clear beside its disclosure', { ...good, name: 'Ada' }, [name, element], /^name is in clear/],
    ['an element in clear', { ...good, list: ['x'] }, [name], /^an element of list is in clear/],
    ['a claim left out', { ...good, level: undefined }, [name, element], /^level is not in clear/],
    [
      'a claim that is hidden and must not be',
      { ...good, level: undefined, _sd: [digest(name), digest(encode(['s', 'level', 1]))] },
      [name, element, encode(['s', 'level', 1])],
      /^level is not in clear/,
    ],
    ['a claim with another value', { ...good, level: 2 }, [name, element], /^level has another value/],
    [
      'a disclosure with another value',
      { ...good, _sd: [digest(encode(['s', 'name', 'Eve']))] },
      [encode(['s', 'name', 'Eve']), element],
      /^name has another value/,
    ],
    ['a missing disclosure', good, [element], /^name has no disclosure/],
    ['a disclosure too many', good, [name, element, encode(['salt-3', 'extra', 1])], /disclosures of no claim/],
    [
      'a salt used twice',
      { ...good, list: [{ '...': digest(encode(['salt-1', 'x'])) }] },
      [name, encode(['salt-1', 'x'])],
      /share a salt/,
    ],
  ])('stops %s, and does not say the value', async (_name, payload, disclosures, message) => {
    const failure = await check(await signed(payload, ...disclosures)).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(failure?.name).toBe('IssuedCredentialFault');
    expect(failure?.message).toMatch(message);
    expect(failure?.message).not.toMatch(/Ada|Eve/);
  });

  it('stops a changed payload, a foreign signature and a missing tilde', async () => {
    const credential = await signed(good, name, element);
    const [header, , signature] = credential.split('~')[0]!.split('.') as [string, string, string];
    const changed = [`${header}.${encode({ ...good, level: 9 })}.${signature}`, name, element, ''].join('~');
    await expect(check(changed)).rejects.toThrow('does not verify');
    await expect(check(credential.slice(0, -1))).rejects.toThrow('tilde');
    const other = await makeIssuerKeys();
    await expect(checkIssued({ credential, tree, claims, signer: other.signer })).rejects.toThrow('does not verify');
  });
});
