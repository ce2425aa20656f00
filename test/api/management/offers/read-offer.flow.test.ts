import { beforeAll, describe, expect, it } from 'vitest';
import { IssuerBackend, type Offer } from '../../../flows/issuer-backend.js';
import { exchange } from '../../../flows/http-exchange.js';
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

const read = async ({ id }: Pick<Offer, 'id'>) => (await api.get(`${PATH}/${id}`)).json;

describe('GET /v1/openid/offers/pre-authorized/{id}', () => {
  it('follows an issuance from phase to phase', async () => {
    const offer = await backend.offer([configurationId]);
    const offered = await read(offer);
    expect(offered).toMatchObject({
      id: offer.id,
      userId: offer.userId,
      expiresAt: offer.expiresAt,
      credentials: [configurationId],
      phase: 'OFFERED',
    });
    for (const time of ['createdAt', 'expiresAt', 'phaseSince'])
      expect(new Date(String(offered[time])).toISOString()).toBe(offered[time]);
    for (const member of ['outcome', 'problem', 'closedAt']) expect(offered).not.toHaveProperty(member);

    const token = await wallet.token(offer.uri);
    await expect.poll(() => read(offer)).toMatchObject({ phase: 'WAIT_REQUEST' });
    const issued = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
    await expect.poll(() => read(offer)).toMatchObject({ phase: 'WAIT_NOTIFICATION', issuedCount: 1 });
    await wallet.notify(token, issued.json.notification_id as string);
    await expect.poll(() => read(offer)).toMatchObject({ phase: 'CLOSED', outcome: 'accepted', issuedCount: 1 });
    expect(await read(offer)).toHaveProperty('closedAt');
  });

  it('tells how an issuance ended that led to no credential', async () => {
    const expired = await backend.offer([configurationId], { expiresIn: { seconds: 1 } });
    const guessed = await backend.offer([configurationId], { transactionCodeConfiguration: { length: 4 } });
    const wrong = guessed.transactionCode === '0000' ? '1111' : '0000';
    for (let attempt = 0; attempt < 3; attempt += 1) await wallet.redeem(wallet.codeOf(guessed.uri), wrong);
    await expect.poll(() => read(guessed)).toMatchObject({ phase: 'CLOSED', outcome: 'code_attempts_exceeded' });
    await expect.poll(() => read(expired), { timeout: 10_000 }).toMatchObject({ phase: 'CLOSED', outcome: 'expired' });
  });

  it('links into Temporal UI, where the page is', async () => {
    const { id } = await backend.offer([configurationId]);
    const { temporalUi } = await read({ id });
    expect(temporalUi).toBe(`${system().temporalUiUrl}/namespaces/default/workflows/iss%3Adefault%3A${id}`);
    expect((await exchange(String(temporalUi))).status).toBe(200);
  });

  it('holds neither code nor claims', async () => {
    const more = { transactionCodeConfiguration: {}, claims: { given_name: 'Ngaio-in-the-offer' } };
    const offer = await backend.offer([configurationId], more);
    const { text } = await api.get(`${PATH}/${offer.id}`);
    for (const secret of [wallet.codeOf(offer.uri).split('.')[1] ?? 'no code', `"${offer.transactionCode ?? ''}"`, 'Ngaio'])
      expect(text).not.toContain(secret);
  });

  it.each(['AAAAAAAAAAAAAAAAAAAAAA', 'none', 'AAAAAAAAAAAAAAAAAAAAAAA', '%00', '$ne'])('knows no offer %s', async (id) => {
    const answer = await api.get(`${PATH}/${id}`);
    expect([answer.status, answer.json.code]).toEqual([404, 'NotFound']);
  });
});
