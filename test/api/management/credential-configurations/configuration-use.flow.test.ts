import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyCredential } from '../../../../scripts/demo/verify-credential.js';
import { exchange } from '../../../flows/http-exchange.js';
import { credentialsOf, newHolderKey, PlainWallet, type Answer } from '../../../flows/plain-wallet.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient } from '../management-client.js';

const PATH = '/v2/credentials/sd-jwt/configurations';
const OFFERS = '/v1/openid/offers/pre-authorized';
const DIGEST = expect.stringMatching(/^[\w-]{43}$/) as string;

const system = useSharedSystem();
let api: ManagementClient;
let wallet: PlainWallet;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  wallet = new PlainWallet(system().url);
});

const create = async (claimMappings: unknown, more: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  (await api.create(PATH, { type: `urn:test:${randomUUID()}`, claimMappings, ...more })).id;

const offer = async (configurationId: string, claims: unknown): Promise<string> =>
  (await api.create(OFFERS, { credentials: [configurationId], claims })).uri as string;

/** The issuer metadata's entry for a configuration. */
async function advertised(id: string): Promise<unknown> {
  const metadata = await exchange(`${system().url}/.well-known/openid-credential-issuer`);
  return (metadata.json.credential_configurations_supported as Readonly<Record<string, unknown>>)[id];
}

/** Collects a credential of the configuration, and verifies it. */
async function collect(configurationId: string, claims: unknown) {
  const key = newHolderKey();
  const token = await wallet.token(await offer(configurationId, claims));
  const answer = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId, [key]));
  const [credential = ''] = credentialsOf(answer);
  const { payload } = await verifyCredential({ credential, issuer: system().url, holderKey: { ...key.publicJwk } });
  const [jwt = '', ...disclosed] = credential.split('~').filter((part) => part !== '');
  const signed = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Readonly<Record<string, unknown>>;
  const disclosures = disclosed.map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown[]);
  return { payload, signed, disclosures };
}

describe('a configuration in the issuer metadata', () => {
  it('MET-14 is there as soon as it is created, follows a replacement, and goes with its deletion', async () => {
    const id = await create(
      {
        name: { mapFrom: 'claims.name', required: true, display: [{ name: 'Name', locale: 'en' }] },
        areas: { mapFrom: 'claims.areas' },
      },
      { display: [{ name: 'Badge', locale: 'en', logo: { uri: 'https://a.example/l.png', altText: 'A key' } }] },
    );
    expect(await advertised(id)).toMatchObject({
      format: 'dc+sd-jwt',
      credential_metadata: {
        display: [{ name: 'Badge', locale: 'en', logo: { uri: 'https://a.example/l.png', alt_text: 'A key' } }],
        claims: [{ path: ['name'], mandatory: true, display: [{ name: 'Name', locale: 'en' }] }, { path: ['areas'] }],
      },
    });
    const type = `urn:test:${randomUUID()}`;
    expect((await api.put(`${PATH}/${id}`, { type, claimMappings: {}, branding: { name: 'Pass' } })).status).toBe(200);
    expect(await advertised(id)).toMatchObject({ vct: type, credential_metadata: { display: [{ name: 'Pass' }] } });
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
    expect(await advertised(id)).toBeUndefined();
  });
});

describe('claim mappings in a credential', () => {
  it('take the mapped value, else the default; a claim with neither is left out', async () => {
    const id = await create({
      given: { mapFrom: 'claims.person.given', required: true },
      home: { mapFrom: "claims['https://example.com/home'].city", defaultValue: 'Unknown' },
      employer: { defaultValue: 'Kauri Instruments' },
      level: { mapFrom: 'claims.level', defaultValue: 0 },
      nickname: { mapFrom: 'claims.nickname' },
      second: { mapFrom: 'claims.list[1]' },
    });
    const claims = { person: { given: 'Ngaio' }, level: null, nickname: null, list: ['a', 'b'] };
    const { payload } = await collect(id, claims);
    const { iss, iat, nbf, exp, cnf, vct, ...own } = payload;
    expect(own).toEqual({ given: 'Ngaio', home: 'Unknown', employer: 'Kauri Instruments', level: 0, second: 'b' });
  });

  it('CRD-16 deny the credential where a required claim has no value, and say no more than its name', async () => {
    const id = await create({ name: { mapFrom: 'claims.name', required: true } });
    const token = await wallet.token(await offer(id, { other: 'Ngaio' }));
    const answer = await wallet.requestCredential(token, await wallet.credentialRequest(id));
    expect([answer.status, answer.json.error]).toEqual([400, 'credential_request_denied']);
    expect(answer.text).not.toContain('Ngaio');
  });

  it('SDV-07 are disclosed as each says: open, whole, by member, by element', async () => {
    const id = await create({
      open: { mapFrom: 'claims.open', selectiveDisclosure: false },
      hidden: { mapFrom: 'claims.hidden' },
      address: { selectiveDisclosure: true },
      'address.city': { mapFrom: 'claims.address.city' },
      'address.country': { mapFrom: 'claims.address.country', selectiveDisclosure: false },
      'contact.mail': { mapFrom: 'claims.contact.mail' },
      areas: { mapFrom: 'claims.areas', selectiveDisclosure: false, selectiveDisclosureOfElements: true },
    });
    const claims = {
      open: 'o',
      hidden: { deep: ['h'] },
      address: { city: 'Wellington', country: 'NZ' },
      contact: { mail: 'a@b.example' },
      areas: ['north', 'south'],
    };
    const { payload, signed, disclosures } = await collect(id, claims);
    expect(payload).toMatchObject(claims);
    expect(signed).toMatchObject({ open: 'o', areas: [{ '...': DIGEST }, { '...': DIGEST }] });
    expect(JSON.stringify(signed)).not.toMatch(/Wellington|a@b\.example|north|"deep"/);
    const shown = disclosures.map((disclosure) => disclosure.slice(1));
    expect(shown).toContainEqual(['hidden', { deep: ['h'] }]);
    expect(shown).toContainEqual(['city', 'Wellington']);
    expect(shown).toContainEqual(['mail', 'a@b.example']);
    expect(shown).toContainEqual(['north']);
    // Disclosing the address as such gives its open members away, and of the others only digests.
    expect(shown).toContainEqual(['address', { country: 'NZ', _sd: [DIGEST] }]);
  });

  it('expiresIn counts from the issuance; without it the credential does not expire', async () => {
    const [expiring, lasting] = [await create({}, { expiresIn: { days: 2, hours: 1 } }), await create({})];
    const { payload } = await collect(expiring, {});
    expect(Number(payload.exp) - Number(payload.iat)).toBe(49 * 3600);
    expect((await collect(lasting, {})).payload).not.toHaveProperty('exp');
  });
});

describe('a configuration that open offers are made of', () => {
  const request = async (token: string, id: string): Promise<Answer> =>
    wallet.requestCredential(token, await wallet.credentialRequest(id));

  it('can be deleted: from then on the offers cannot be collected, and no new one can be made', async () => {
    const id = await create({ name: { mapFrom: 'claims.name' } });
    const token = await wallet.token(await offer(id, { name: 'Ngaio' }));
    expect((await api.delete(`${PATH}/${id}`)).status).toBe(204);
    const answer = await request(token, id);
    expect([answer.status, answer.json.error]).toEqual([400, 'unknown_credential_configuration']);
    const refused = await api.post(OFFERS, { credentials: [id] });
    expect(refused.json.details).toEqual([
      { msg: 'is not the id of a credential configuration', param: 'credentials[0]', location: 'body' },
    ]);
  });

  it('can be replaced: the credential is made by what it is then', async () => {
    const id = await create({ name: { mapFrom: 'claims.name' } });
    const token = await wallet.token(await offer(id, { name: 'Ngaio', alias: 'Nai' }));
    const type = `urn:test:${randomUUID()}`;
    await api.put(`${PATH}/${id}`, { type, claimMappings: { alias: { mapFrom: 'claims.alias', selectiveDisclosure: false } } });
    const [credential = ''] = credentialsOf(await request(token, id));
    const payload = JSON.parse(Buffer.from(credential.split('.')[1] ?? '', 'base64url').toString()) as unknown;
    expect(payload).toMatchObject({ vct: type, alias: 'Nai' });
  });
});
