import { beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../flows/http-exchange.js';
import { IssuerBackend, type Offer } from '../../flows/issuer-backend.js';
import { PlainWallet } from '../../flows/plain-wallet.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { ManagementClient } from '../management/management-client.js';
import { refusalOf } from './refusal.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
const BY_REFERENCE = { credentialOfferMode: 'reference' };

interface CredentialOffer {
  readonly credential_issuer: string;
  readonly credential_configuration_ids: readonly string[];
  readonly grants: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const system = useSharedSystem();
let backend: IssuerBackend;
let manager: ManagementClient;
let wallet: PlainWallet;
let configurationId: string;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  manager = await ManagementClient.admin(system());
  wallet = new PlainWallet(system().url);
  configurationId = await backend.configuration();
});

const referenceOf = ({ uri }: Offer) => new URL(uri).searchParams.get('credential_offer_uri') ?? '';
const newReference = async (more = {}) => referenceOf(await backend.offer([configurationId], { ...BY_REFERENCE, ...more }));
const withdraw = async ({ id }: Offer) =>
  expect((await manager.delete(`/v1/openid/offers/pre-authorized/${id}`)).status).toBe(204);

describe('an offer by reference', () => {
  it('OFR-11 OFR-12 is unsigned JSON that no cache keeps, whatever the wallet accepts', async () => {
    const url = await newReference();
    expect(url.startsWith(`${system().url}/v1/openid/offers/`)).toBe(true);
    for (const accept of ['application/json', '*/*', 'application/jwt', 'text/html']) {
      const { status, headers, json } = await exchange(url, { headers: { accept, 'accept-language': 'mi' } });
      expect(status, accept).toBe(200);
      expect(headers.get('content-type')).toMatch(/^application\/json(;|$)/);
      expect(headers.get('cache-control')).toContain('no-store');
      expect(headers.get('etag')).toBeNull();
      expect(json.credential_issuer).toBe(system().url);
    }
  });

  it('OFR-12 has an URL of its own, with 128 random bits that are not those of the code', async () => {
    const [one, other] = [await newReference(), await newReference()];
    expect(one).not.toBe(other);
    const secret = one.slice(one.lastIndexOf('.') + 1);
    expect(Buffer.from(secret, 'base64url').length * 8).toBeGreaterThanOrEqual(128);
    expect((await exchange(one)).text).not.toContain(secret);
  });

  it('OFR-11 can be fetched again, also after it was redeemed, and is the same', async () => {
    const url = await newReference();
    const first = await exchange(url);
    expect((await exchange(url)).text).toBe(first.text);
    await wallet.token(`openid-credential-offer://?credential_offer=${encodeURIComponent(first.text)}`);
    expect((await exchange(url)).text).toBe(first.text);
  });

  it('OFR-11 is the very offer that it would be by value', async () => {
    const key = { 'idempotency-key': `offer-${Math.random()}` };
    const offer = await backend.offer([configurationId], BY_REFERENCE, key);
    const { json } = await exchange(referenceOf(offer));
    const code = (json as unknown as CredentialOffer).grants[GRANT]?.['pre-authorized_code'] as string;
    expect((await wallet.redeem(code)).status).toBe(200);
  });

  it('RFC 9110 answers HEAD without the body', async () => {
    const head = await exchange(await newReference(), { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.text).toBe('');
  });

  it.each(['POST', 'PUT', 'DELETE'])('RFC 9110 does not take %s', async (method) => {
    const answer = await exchange(await newReference(), { method });
    expect(refusalOf(answer)).toBe('405 invalid_request');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  it('MET-19 can be fetched by web wallets', async () => {
    const answer = await exchange(await newReference(), { headers: { origin: 'https://wallet.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('OFR-12 is not found with another secret, another offer, or its code', async () => {
    const offer = await backend.offer([configurationId], BY_REFERENCE);
    const url = referenceOf(offer);
    const other = await newReference();
    const { json } = await exchange(url);
    const code = (json as unknown as CredentialOffer).grants[GRANT]?.['pre-authorized_code'] as string;
    const [session = '', secret = ''] = url.slice(url.lastIndexOf('/') + 1).split('.');
    const wrong = [
      `${session}.${'A'.repeat(22)}`,
      `${session}.${secret}A`,
      `${session}.${secret.slice(0, -6)}`,
      `${'A'.repeat(22)}.${secret}`,
      `${session}.${other.slice(other.lastIndexOf('.') + 1)}`,
      code,
    ];
    for (const reference of wrong) {
      expect(refusalOf(await exchange(`${system().url}/v1/openid/offers/${reference}`)), reference).toBe('404 invalid_request');
    }
  });

  it.each(['x', 'a.b', '%00', '%2e%2e%2f', '%F0%9F%98%80', 'x'.repeat(5000), '$where', '{"$ne":1}'])(
    'is not found by %.20s, which can be no reference',
    async (reference) => {
      const answer = await exchange(`${system().url}/v1/openid/offers/${encodeURI(decodeURI(reference))}`);
      expect(answer.status).toBe(404);
    },
  );

  it('RFC 3986 a reference with broken percent-encoding is a bad request', async () => {
    expect((await exchange(`${system().url}/v1/openid/offers/%E0%A4%A`)).status).toBe(400);
  });

  it('OFR-06 TOK-11 is over when it expires, and so is its code', async () => {
    const offer = await backend.offer([configurationId], { ...BY_REFERENCE, expiresIn: { seconds: 1 } });
    const url = referenceOf(offer);
    const { json, status } = await exchange(url);
    expect(status).toBe(200);
    await expect.poll(async () => (await exchange(url)).status, { timeout: 10_000 }).toBe(404);
    const code = (json as unknown as CredentialOffer).grants[GRANT]?.['pre-authorized_code'] as string;
    expect(refusalOf(await wallet.redeem(code))).toBe('400 invalid_grant');
  });

  it('TOK-11 is over at once when it is withdrawn, and so is its code', async () => {
    const offer = await backend.offer([configurationId], BY_REFERENCE);
    const { json } = await exchange(referenceOf(offer));
    await withdraw(offer);
    expect(refusalOf(await exchange(referenceOf(offer)))).toBe('404 invalid_request');
    const code = (json as unknown as CredentialOffer).grants[GRANT]?.['pre-authorized_code'] as string;
    expect(refusalOf(await wallet.redeem(code))).toBe('400 invalid_grant');
  });

  it('is over when its credential was collected and confirmed', async () => {
    const offer = await backend.offer([configurationId], BY_REFERENCE);
    const { text } = await exchange(referenceOf(offer));
    const token = await wallet.token(`openid-credential-offer://?credential_offer=${encodeURIComponent(text)}`);
    const answer = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
    await wallet.notify(token, answer.json.notification_id as string);
    await expect.poll(async () => (await exchange(referenceOf(offer))).status, { timeout: 10_000 }).toBe(404);
  });
});
