import { beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../../flows/http-exchange.js';
import { IssuerBackend, type Offer } from '../../../flows/issuer-backend.js';
import { PlainWallet } from '../../../flows/plain-wallet.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient } from '../management-client.js';

const PATH = '/v1/openid/offers/pre-authorized';

const system = useSharedSystem();
let api: ManagementClient;
let backend: IssuerBackend;
let wallet: PlainWallet;
let configurationId: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
  configurationId = await backend.configuration();
});

const withdraw = ({ id }: Pick<Offer, 'id'>) => api.delete(`${PATH}/${id}`);
const outcome = async ({ id }: Offer) => (await api.get(`${PATH}/${id}`)).json.outcome;

describe('DELETE /v1/openid/offers/pre-authorized/{id}', () => {
  it('withdraws an offer with 204; its code is no longer good, nor is its reference', async () => {
    const offer = await backend.offer([configurationId]);
    const byReference = await backend.offer([configurationId], { credentialOfferMode: 'reference' });
    const reference = new URL(byReference.uri).searchParams.get('credential_offer_uri') ?? '';
    expect((await exchange(reference)).status).toBe(200);
    for (const each of [offer, byReference]) {
      const answer = await withdraw(each);
      expect([answer.status, answer.text]).toEqual([204, '']);
    }
    expect((await exchange(reference)).status).toBe(404);
    await expect.poll(() => outcome(offer)).toBe('withdrawn');
    const refused = await wallet.redeem(wallet.codeOf(offer.uri));
    expect([refused.status, refused.json.error]).toEqual([400, 'invalid_grant']);
  });

  it('withdraws one whose token is out already: no credential can be had for it', async () => {
    const offer = await backend.offer([configurationId]);
    const token = await wallet.token(offer.uri);
    expect((await withdraw(offer)).status).toBe(204);
    await expect.poll(() => outcome(offer)).toBe('withdrawn');
    const refused = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.status).toBeLessThan(500);
    expect(refused.json).not.toHaveProperty('credentials');
  });

  it('erases the claims', async () => {
    const offer = await backend.offer([configurationId]);
    const stored = () => system().db.issuances.findOne({ _id: offer.id });
    expect(await stored()).toHaveProperty('claims');
    await withdraw(offer);
    await expect.poll(stored).not.toHaveProperty('claims');
  });

  it('finds nothing to withdraw where the credential is collected', async () => {
    const offer = await backend.offer([configurationId]);
    const token = await wallet.token(offer.uri);
    await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
    const answer = await withdraw(offer);
    expect([answer.status, answer.json]).toEqual([
      404,
      {
        code: 'NotFound',
        message: 'Resource Not Found',
        details: [{ value: offer.id, msg: 'Resource Not Found', param: 'id', location: 'params' }],
      },
    ]);
  });

  it('finds no offer that is withdrawn already, expired, or never was', async () => {
    const [withdrawn, expired] = [
      await backend.offer([configurationId]),
      await backend.offer([configurationId], { expiresIn: { seconds: 1 } }),
    ];
    expect((await withdraw(withdrawn)).status).toBe(204);
    expect((await withdraw(withdrawn)).status).toBe(404);
    await expect.poll(() => outcome(expired), { timeout: 10_000 }).toBe('expired');
    expect((await withdraw(expired)).status).toBe(404);
    for (const id of ['AAAAAAAAAAAAAAAAAAAAAA', 'none', '%00']) expect((await withdraw({ id })).status).toBe(404);
  });

  it('and a redemption at the same moment leave no middle way: the token is good, or there is none', async () => {
    for (let round = 0; round < 5; round += 1) {
      const offer = await backend.offer([configurationId]);
      const [redeemed, withdrawn] = await Promise.all([wallet.redeem(wallet.codeOf(offer.uri)), withdraw(offer)]);
      expect(withdrawn.status).toBe(204);
      if (redeemed.status !== 200) expect([redeemed.status, redeemed.json.error]).toEqual([400, 'invalid_grant']);
      await expect.poll(() => outcome(offer)).toBe('withdrawn');
    }
  });
});
