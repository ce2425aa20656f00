import { beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../flows/http-exchange.js';
import { IssuerBackend, PERSON, type Offer } from '../../flows/issuer-backend.js';
import { useSharedSystem } from '../../harness/use-system.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

interface CredentialOffer {
  readonly credential_issuer: string;
  readonly credential_configuration_ids: readonly string[];
  readonly grants: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const system = useSharedSystem();
let backend: IssuerBackend;
let configurationId: string;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  configurationId = await backend.configuration();
});

const byValue = ({ uri }: Offer) => JSON.parse(new URL(uri).searchParams.get('credential_offer') ?? '') as CredentialOffer;

describe('an offer', () => {
  it.each([
    ['value', 'credential_offer'],
    ['reference', 'credential_offer_uri'],
  ])('OFR-01 by %s carries exactly one parameter, %s', async (credentialOfferMode, parameter) => {
    const { uri } = await backend.offer([configurationId], { credentialOfferMode });
    expect([...new URL(uri).searchParams.keys()]).toEqual([parameter]);
    expect(uri).toMatch(/^openid-credential-offer:\/\/\?/);
  });

  it.each(['openid-credential-offer://', 'haip-vci://', 'https://wallet.example/offer'])(
    'OFR-15 invokes wallets by %s',
    async (credentialOfferEndpoint) => {
      const { uri } = await backend.offer([configurationId], { credentialOfferEndpoint });
      expect(uri.startsWith(`${credentialOfferEndpoint}?credential_offer=`)).toBe(true);
    },
  );

  it('OFR-02 OFR-03 OFR-06 OFR-10 OFR-16 names the issuer, configurations of its metadata, and a code; and nothing else', async () => {
    const second = await backend.configuration();
    const { json } = await exchange(`${system().url}/.well-known/openid-credential-issuer`);
    const offer = byValue(await backend.offer([configurationId, second]));
    expect(offer).toEqual({
      credential_issuer: json.credential_issuer,
      credential_configuration_ids: [configurationId, second],
      grants: { [GRANT]: { 'pre-authorized_code': expect.stringMatching(/^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/) as string } },
    });
    expect(json.credential_configurations_supported).toHaveProperty([configurationId]);
    expect(json.credential_configurations_supported).toHaveProperty([second]);
  });

  it('OFR-07 OFR-08 describes the transaction code where there is one', async () => {
    const described = byValue(
      await backend.offer([configurationId], {
        transactionCodeConfiguration: { inputMode: 'text', length: 8, description: 'In the letter' },
      }),
    );
    expect(described.grants[GRANT]?.tx_code).toEqual({ input_mode: 'text', length: 8, description: 'In the letter' });
    const plain = byValue(await backend.offer([configurationId], { transactionCodeConfiguration: {} }));
    expect(plain.grants[GRANT]?.tx_code).toEqual({ input_mode: 'numeric', length: 6 });
    expect(byValue(await backend.offer([configurationId])).grants[GRANT]).not.toHaveProperty('tx_code');
  });

  it('OFR-08 takes no description of more than 300 characters', async () => {
    const transactionCodeConfiguration = { description: 'x'.repeat(301) };
    await expect(backend.offer([configurationId], { transactionCodeConfiguration })).rejects.toMatchObject({ status: 400 });
  });

  it('OFR-09 does not carry the transaction code', async () => {
    const { uri, transactionCode = '' } = await backend.offer([configurationId], {
      transactionCodeConfiguration: { inputMode: 'text', length: 16 },
    });
    expect(transactionCode).toHaveLength(16);
    expect(uri).not.toContain(transactionCode);
  });

  it('OFR-14 tells nothing about the holder', async () => {
    const offer = await backend.offer([configurationId]);
    const text = decodeURIComponent(offer.uri);
    for (const value of [PERSON.given_name, PERSON.family_name, PERSON.address.locality, offer.userId]) {
      expect(text).not.toContain(value);
    }
  });
});
