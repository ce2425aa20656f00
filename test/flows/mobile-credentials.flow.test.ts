import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IacaInUse } from '../api/management/credential-configurations/iaca-in-use.js';
import { ManagementClient } from '../api/management/management-client.js';
import { DRIVER, DRIVING_LICENCE, LICENCE_VALUES } from '../credentials/mso-mdoc/driving-licence.js';
import { VERIFIERS, verifyWithAnimo, verifyWithAuth0 } from '../credentials/mso-mdoc/mdoc-verifiers.js';
import { MDL } from '../credentials/mso-mdoc/test-mdoc.js';
import { useSharedSystem } from '../harness/use-system.js';
import { LIBRARIES, LibraryWallet } from './library-wallet.js';
import { credentialsOf, newHolderKey, PlainWallet } from './plain-wallet.js';

const MOBILE = '/v2/credentials/mobile/configurations';
const OFFERS = '/v1/openid/offers/pre-authorized';

const system = useSharedSystem();
let api: ManagementClient;
let inUse: IacaInUse;
let licenceId: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  inUse = await IacaInUse.start(system());
  licenceId = (await api.create(MOBILE, DRIVING_LICENCE)).id;
});
afterAll(async () => {
  await api.delete(`${MOBILE}/${licenceId}`);
  await inUse.stop();
});

const offer = async (configurationId: string, claims: unknown) =>
  (await api.create(OFFERS, { credentials: [configurationId], claims })) as { id: string; uri: string };

const trusted = () => ({ root: inUse.iaca.certificate, docType: MDL, now: Date.now() });

describe('a driving licence', () => {
  it('MDC-08 MDC-09 MDC-10 CRD-12 CRD-21 comes over HTTP as base64url, one for each key of a batch, and verifies in three libraries', async () => {
    const wallet = new PlainWallet(system().url);
    const keys = [newHolderKey(), newHolderKey()];
    const token = await wallet.token((await offer(licenceId, DRIVER)).uri);
    const answer = await wallet.requestCredential(token, await wallet.credentialRequest(licenceId, keys));
    const credentials = credentialsOf(answer);
    expect(credentials).toHaveLength(2);
    for (const [index, credential] of credentials.entries()) {
      expect(credential).toMatch(/^[\w-]+$/);
      const { publicJwk, privateKey } = keys[index]!;
      const holder = { publicJwk, privateJwk: privateKey.export({ format: 'jwk' }) as Record<string, string> };
      for (const [, verifyMdoc] of VERIFIERS) {
        expect(await verifyMdoc({ credential, holder, ...trusted() })).toEqual(LICENCE_VALUES);
      }
    }
  });

  it.each(LIBRARIES)('is collected by a wallet built on %s', async (_name, library) => {
    const { uri } = await offer(licenceId, DRIVER);
    const { credentials, holderKeys, notificationStatus } = await new LibraryWallet(library).collect(uri);
    expect(notificationStatus).toBe(204);
    const holder = { publicJwk: holderKeys[0] as Record<string, string>, privateJwk: {} };
    expect(await verifyWithAnimo({ credential: credentials[0]!, holder, ...trusted() })).toEqual(LICENCE_VALUES);
  });

  it('leaves digests in the ledger, and no value', async () => {
    const wallet = new PlainWallet(system().url);
    const { id, uri } = await offer(licenceId, DRIVER);
    const token = await wallet.token(uri);
    const key = newHolderKey();
    const answer = await wallet.requestCredential(token, await wallet.credentialRequest(licenceId, [key]));
    expect(answer.status).toBe(200);
    const [entry] = await system().db.issuedCredentials.find({ sessionId: id }).toArray();
    expect(entry).toMatchObject({ profile: 'mobile', type: MDL, keyId: inUse.iaca.documentSigner.keyId, count: 1 });
    expect(entry!.validUntil!.getTime() - entry!.validFrom!.getTime()).toBeGreaterThan(364 * 86_400_000);
    const [digests] = entry!.mobileDigests!;
    expect(digests!.devicePublicKey).toEqual(key.publicJwk);
    expect(digests!.elements).toHaveLength(17);
    expect(JSON.stringify({ ...entry, sealed: null })).not.toMatch(/Aroha|DL-000123/);
  });
});

describe('claims that make no licence', () => {
  it('deny the credential; the issuance names the claim, and no value', async () => {
    const wallet = new PlainWallet(system().url);
    const { id, uri } = await offer(licenceId, { ...DRIVER, birth_date: '31/12/1999', age_over_18: 'yes' });
    const answer = await wallet.requestCredential(await wallet.token(uri), await wallet.credentialRequest(licenceId));
    expect([answer.status, answer.json.error]).toEqual([400, 'credential_request_denied']);
    expect(answer.text).not.toMatch(/1999/);
    expect((await api.get(`${OFFERS}/${id}`)).status).toBe(200);
  });
});

describe('validity', () => {
  it('MDC-04 an end mapped from claims is the end, whatever expiresIn says', async () => {
    const { id } = await api.create(MOBILE, {
      type: `org.example.${randomUUID()}`,
      expiresIn: { years: 5 },
      validUntil: { mapFrom: 'claims.until' },
      claimMappings: { 'org.example.1': { name: { mapFrom: 'claims.name' } } },
    });
    const until = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 72 * 3_600_000);
    const wallet = new PlainWallet(system().url);
    const key = newHolderKey();
    const { id: offerId, uri } = await offer(id, { name: 'Hana', until: until.toISOString() });
    const answer = await wallet.requestCredential(await wallet.token(uri), await wallet.credentialRequest(id, [key]));
    const [entry] = await system().db.issuedCredentials.find({ sessionId: offerId }).toArray();
    expect(entry!.validUntil).toEqual(until);
    const holder = { publicJwk: key.publicJwk, privateJwk: key.privateKey.export({ format: 'jwk' }) as Record<string, string> };
    const [credential = ''] = credentialsOf(answer);
    const input = { credential, holder, root: inUse.iaca.certificate, docType: entry!.type };
    expect(await verifyWithAuth0({ ...input, now: Date.now() })).toEqual({ 'org.example.1': { name: 'Hana' } });
    await expect(verifyWithAnimo({ ...input, now: until.getTime() + 1 })).rejects.toThrow('valid at the time');
  });
});
