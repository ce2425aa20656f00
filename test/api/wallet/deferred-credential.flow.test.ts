import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintRoutedId, readRoutedId } from '../../../api/wallet/routed-id.js';
import { answering, startClaimsSource, type ClaimsSourceServer } from '../../flows/claims-source-server.js';
import { postJson } from '../../flows/http-exchange.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import { credentialsOf, type Answer } from '../../flows/plain-wallet.js';
import { useOwnProcesses } from '../../harness/use-system.js';
import { refusalOf } from './refusal.js';
import { useCredentialRequests } from './use-credential-requests.js';

const system = useOwnProcesses({
  env: {
    OUTBOUND_ALLOWED_HOSTS: 'localhost',
    CREDENTIAL_DEADLINE_MS: '1200',
    CLAIMS_SOURCE_TIMEOUT_MS: '500',
    DEFERRED_INTERVAL_SECONDS: '7',
  },
});
const requests = useCredentialRequests(system);
const away = answering({}, { status: 503 });

let source: ClaimsSourceServer;
let configurationId: string;
/** Stays pending: for requests that are refused. */
let pending: { readonly token: string; readonly transactionId: string; readonly answer: Answer };

beforeAll(async () => {
  source = await startClaimsSource();
  source.behave(away);
  const { backend } = requests();
  const claimSourceId = await backend.claimSource({
    name: 'Slow source',
    url: source.url,
    requestMethod: 'GET',
    requestParameters: {},
    authorization: { type: 'api-key', value: 'a-key-for-the-claims-source' },
  });
  configurationId = await backend.configuration({ claimSourceId });
  pending = await defer();
});
afterAll(() => source.stop());

async function defer(): Promise<typeof pending> {
  const { backend, wallet } = requests();
  const token = await wallet.token((await backend.offer([configurationId])).uri);
  const answer = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
  return { token, answer, transactionId: answer.json.transaction_id as string };
}

const ask = (body: unknown, token = pending.token): Promise<Answer> =>
  postJson(`${system().url}/v1/openid/deferred-credential`, body, { authorization: `Bearer ${token}` });

describe('a credential that is not ready', () => {
  it('CRD-13 CRD-19 is answered by 202 with a transaction_id and an interval, for no cache', () => {
    expect(pending.answer.status).toBe(202);
    expect(pending.answer.headers.get('cache-control')).toBe('no-store');
    expect(pending.answer.json).toEqual({ transaction_id: expect.any(String) as string, interval: 7 });
  });

  it('DEF-02 DEF-03 is still not: 202 with the same transaction_id, whatever else is in the body', async () => {
    const answer = await ask({ transaction_id: pending.transactionId, unknown: { a: 1 }, proofs: 'x' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.json).toEqual(pending.answer.json);
  });
});

describe('a deferred credential request that is refused', () => {
  it.each([
    ['without transaction_id', () => ({})],
    ['whose transaction_id is no string', () => ({ transaction_id: { $ne: '' } })],
    ['that is an array', () => [pending.transactionId]],
    ['that is no JSON', () => '{'],
    ['that is empty', () => ''],
  ])('DEF-02 CRD-16 %s', async (_name, body) => {
    expect(refusalOf(await ask(body()))).toBe('400 invalid_credential_request');
  });

  it('ENC-10 that asks for encryption, which is not offered', async () => {
    const body = { transaction_id: pending.transactionId, credential_response_encryption: { jwk: {}, enc: 'A128GCM' } };
    expect(refusalOf(await ask(body))).toBe('400 invalid_encryption_parameters');
  });

  it.each([
    ['empty', () => ''],
    ['made up', () => 'made-up'],
    ['of 10 kB', () => 'x'.repeat(10_000)],
    ['with hostile characters', () => '"\\\r\n☃'],
    ['with a changed part', () => pending.transactionId.replace(/.{5}$/, 'AAAAA')],
    ['of another request', () => pending.transactionId.split('.').with(1, 'A'.repeat(43)).join('.')],
    ['that is a notification_id', () => minted({ kind: 'notification' })],
    ['of another issuer', () => minted({ issuerId: 'other' })],
  ])('DEF-05 SEC-15 with a transaction_id %s', async (_name, id) => {
    expect(refusalOf(await ask({ transaction_id: id() }))).toBe('400 invalid_transaction_id');
  });
});

describe('a credential that has become ready', () => {
  it('DEF-03 DEF-04 DEF-07 DEF-09 is collected without proofs, once: afterwards the transaction_id is not valid', async () => {
    const { token, transactionId } = await defer();
    source.behave(answering({}));
    const { wallet } = requests();
    const delivered = await wallet.untilDelivered(token, transactionId);
    source.behave(away);
    expect(delivered.status).toBe(200);
    expect(delivered.headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(delivered.json).sort()).toEqual(['credentials', 'notification_id']);
    expect(credentialsOf(delivered)).toHaveLength(1);

    // Its answer may have been lost: for half a minute it may be had again.
    expect((await ask({ transaction_id: transactionId }, token)).text).toBe(delivered.text);
    const routed = readRoutedId(transactionId, { ring: ringOf(system()), issuerId: 'default', kind: 'transaction' });
    const { modifiedCount } = await system().db.issuedCredentials.updateOne(
      { issuerId: 'default', sessionId: routed?.sessionId ?? '' },
      { $set: { collectedAt: new Date(Date.now() - 31_000) } },
    );
    expect(modifiedCount).toBe(1);
    expect(refusalOf(await ask({ transaction_id: transactionId }, token))).toBe('400 invalid_transaction_id');
    expect((await wallet.notify(token, delivered.json.notification_id as string)).status).toBe(204);
  });

  it('DEF-04 DEF-05 is no more to be had when its receipt was confirmed', async () => {
    const { token, transactionId } = await defer();
    source.behave(answering({}));
    const { wallet } = requests();
    const delivered = await wallet.untilDelivered(token, transactionId);
    source.behave(away);
    await wallet.notify(token, delivered.json.notification_id as string);
    await expect.poll(async () => (await ask({ transaction_id: transactionId }, token)).status, { timeout: 15_000 }).toBe(400);
  });

  it('DEF-06 but was denied is answered by credential_request_denied', async () => {
    const { token, transactionId } = await defer();
    source.behave(answering({}, { status: 404 }));
    const answer = await requests().wallet.untilDelivered(token, transactionId);
    source.behave(away);
    expect(refusalOf(answer)).toBe('400 credential_request_denied');
  });
});

function minted(change: { kind?: 'notification'; issuerId?: string }): string {
  const scope = { ring: ringOf(system()), issuerId: 'default', kind: 'transaction' } as const;
  const routed = readRoutedId(pending.transactionId, scope);
  if (routed === undefined) throw new Error('the transaction_id is not one');
  return mintRoutedId(routed, { ...scope, ...change });
}
