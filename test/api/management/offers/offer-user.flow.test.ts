import { beforeAll, describe, expect, it } from 'vitest';
import { IssuerBackend, type Offer } from '../../../flows/issuer-backend.js';
import { credentialsOf, PlainWallet } from '../../../flows/plain-wallet.js';
import { useSharedSystem } from '../../../harness/use-system.js';

const system = useSharedSystem();
let backend: IssuerBackend;
let wallet: PlainWallet;
let configurationId: string;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
  const open = (name: string) => ({ mapFrom: `claims.${name}`, selectiveDisclosure: false });
  const claimMappings = { name: open('name'), member_number: open('member_number'), level: open('level') };
  configurationId = await backend.configuration({ claimMappings });
});

/** Collects the offered credential; gives the claims the mappings made. */
async function collect({ uri }: Offer): Promise<unknown> {
  const token = await wallet.token(uri);
  const [credential = ''] = credentialsOf(await wallet.requestCredential(token, await wallet.credentialRequest(configurationId)));
  const payload = JSON.parse(Buffer.from(credential.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  return Object.fromEntries(
    ['name', 'member_number', 'level'].flatMap((name) => (name in payload ? [[name, payload[name]]] : [])),
  );
}

describe('the user of an offer', () => {
  it('is a new one each time, unless one is named', async () => {
    const [first, second] = [await backend.offer([configurationId]), await backend.offer([configurationId])];
    expect(first.userId).not.toBe(second.userId);
  });

  it('keeps what claimsToPersist names, and nothing else, for later offers', async () => {
    const claims = { name: 'Ngaio', member_number: 'M-1', level: 1 };
    const { userId } = await backend.offer([configurationId], { claims, claimsToPersist: ['member_number', 'level'] });
    const later = await backend.offer([configurationId], { userId, claims: { level: 2 } });
    expect(later.userId).toBe(userId);
    // What the offer says of a name replaces what the user's record says.
    expect(await collect(later)).toEqual({ member_number: 'M-1', level: 2 });
    const again = await backend.offer([configurationId], { userId, claims: { level: 3 }, claimsToPersist: ['level'] });
    expect(await collect(again)).toEqual({ member_number: 'M-1', level: 3 });
    expect(await collect(await backend.offer([configurationId], { userId, claims: undefined }))).toEqual({
      member_number: 'M-1',
      level: 3,
    });
  });

  it('is on record only where there is something to persist', async () => {
    const { userId } = await backend.offer([configurationId]);
    await expect(backend.offer([configurationId], { userId })).rejects.toMatchObject({ status: 400 });
  });

  it('is not changed by offers that are refused', async () => {
    const { userId } = await backend.offer([configurationId], { claims: { level: 1 }, claimsToPersist: ['level'] });
    const refused = { userId, claims: { level: 9 }, claimsToPersist: ['level'] };
    await expect(backend.offer([configurationId, 'unknown'], refused)).rejects.toMatchObject({ status: 400 });
    expect(await collect(await backend.offer([configurationId], { userId, claims: undefined }))).toEqual({ level: 1 });
  });

  it('takes the claims of ten offers made for it at once', async () => {
    const { userId } = await backend.offer([configurationId], { claims: { level: 0 }, claimsToPersist: ['level'] });
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        backend.offer([configurationId], { userId, claims: { [`other_${index}`]: 1, name: 'Ngaio' }, claimsToPersist: ['name'] }),
      ),
    );
    expect(await collect(await backend.offer([configurationId], { userId, claims: undefined }))).toEqual({
      level: 0,
      name: 'Ngaio',
    });
  });
});
