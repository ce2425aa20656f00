import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { IssuerBackend } from '../../../flows/issuer-backend.js';
import { PlainWallet } from '../../../flows/plain-wallet.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';

const PATH = '/v1/openid/offers/pre-authorized';

const system = useSharedSystem();
let api: ManagementClient;
let configurationId: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  configurationId = await (
    await IssuerBackend.login(system())
  ).configuration({ claimMappings: { name: { mapFrom: 'claims.name' } } });
});

/** A request with every member whose answer could differ from one time to the next. */
const body = () => ({
  credentials: [configurationId],
  claims: { name: 'Ngaio' },
  claimsToPersist: ['name'],
  transactionCodeConfiguration: { inputMode: 'text', length: 8 },
  expiresIn: { minutes: 3 },
  qrCode: 'svg',
});
const create = (key: string, changes: Readonly<Record<string, unknown>> = {}, client = api) =>
  client.post(PATH, { ...body(), ...changes }, { 'idempotency-key': key });

describe('an Idempotency-Key', () => {
  it('gets a repeat the same answer, byte for byte, and makes no second offer', async () => {
    const key = randomUUID();
    const [first, second] = [await create(key), await create(key)];
    expect([first.status, second.status, second.text]).toEqual([200, 200, first.text]);
    expect(first.headers.get('x-request-id')).not.toBe(second.headers.get('x-request-id'));
    const { id } = first.json as { id: string };
    expect(await system().db.issuances.countDocuments({ _id: id })).toBe(1);
    expect(await system().db.users.countDocuments({ _id: first.json.userId as string })).toBe(1);
  });

  it('makes ten requests at once one offer, which can be redeemed', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(key)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    const { uri, transactionCode } = answers[0]?.json as { uri: string; transactionCode: string };
    expect(await new PlainWallet(system().url).token(uri, transactionCode)).not.toBe('');
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['other claims', { claims: { name: 'Aroha' } }],
    ['another life', { expiresIn: { minutes: 4 } }],
    ['another transaction code', { transactionCodeConfiguration: {} }],
    ['another form', { credentialOfferMode: 'reference' }],
  ])('with %s than before is refused with 409, and changes nothing', async (_what, changes) => {
    const key = randomUUID();
    const first = await create(key);
    const refused = await create(key, changes);
    expect([refused.status, refused.json]).toEqual([
      409,
      { code: 'Conflict', message: 'This Idempotency-Key was used for another request' },
    ]);
    expect((await create(key)).text).toBe(first.text);
  });

  it('belongs to its client: another one with the same key gets an offer of its own', async () => {
    const key = randomUUID();
    const other = await ManagementClient.withRoles(system(), 'issuer');
    const [own, others] = [await create(key), await create(key, { claims: { name: 'Aroha' } }, other)];
    expect([own.status, others.status]).toEqual([200, 200]);
    expect(own.json.id).not.toBe(others.json.id);
    expect((await create(key)).text).toBe(own.text);
  });

  it('makes nothing of a request that is refused: it may be mended and sent again', async () => {
    const key = randomUUID();
    expect((await create(key, { credentials: ['unknown'] })).status).toBe(400);
    expect((await create(key)).status).toBe(200);
  });

  it('gives the same answer even when the offer is withdrawn or redeemed meanwhile, and starts nothing anew', async () => {
    const key = randomUUID();
    const first = await create(key);
    const one = `${PATH}/${first.json.id as string}`;
    expect((await api.delete(one)).status).toBe(204);
    await expect.poll(async () => (await api.get(one)).json.outcome).toBe('withdrawn');
    expect((await create(key)).text).toBe(first.text);
    expect((await api.get(one)).json).toMatchObject({ phase: 'CLOSED', outcome: 'withdrawn' });
  });

  it.each(['', 'with space', 'ä', 'x'.repeat(256)])('is refused as %j', async (key) => {
    const answer = await create(encodeURIComponent(key) === key || key.includes(' ') ? key : Buffer.from(key).toString('latin1'));
    expect(faultsOf(answer)).toEqual(['headers Idempotency-Key: must be 1 to 255 visible ASCII characters']);
  });
});
