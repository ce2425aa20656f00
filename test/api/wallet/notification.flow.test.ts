import { beforeAll, describe, expect, it } from 'vitest';
import { mintRoutedId, readRoutedId } from '../../../api/wallet/routed-id.js';
import { exchange, postJson } from '../../flows/http-exchange.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import type { Answer } from '../../flows/plain-wallet.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { ManagementClient } from '../management/management-client.js';
import { refusalOf } from './refusal.js';
import { useCredentialRequests } from './use-credential-requests.js';

interface Issued {
  readonly offerId: string;
  readonly token: string;
  readonly notificationId: string;
}

const system = useSharedSystem();
const requests = useCredentialRequests(system);
let manager: ManagementClient;
/** Stays unconfirmed: for requests that are refused. */
let issued: Issued;

beforeAll(async () => {
  manager = await ManagementClient.admin(system());
  issued = await issue();
});

async function issue(): Promise<Issued> {
  const { backend, configurationId, wallet } = requests();
  const { id, uri } = await backend.offer([configurationId]);
  const token = await wallet.token(uri);
  const answer = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
  return { offerId: id, token, notificationId: answer.json.notification_id as string };
}

const notify = (body: unknown, { token }: Pick<Issued, 'token'> = issued): Promise<Answer> =>
  postJson(`${system().url}/v1/openid/notification`, body, { authorization: `Bearer ${token}` });
const outcomeOf = async ({ offerId }: Issued) => (await manager.get(`/v1/openid/offers/pre-authorized/${offerId}`)).json.outcome;

describe('a notification', () => {
  it.each([
    ['credential_accepted', 'accepted'],
    ['credential_failure', 'failed_by_wallet'],
    ['credential_deleted', 'deleted'],
  ])('NOT-01 NOT-02 NOT-04 SEC-12 of %s is answered by 204 without content, and operators see %s', async (event, outcome) => {
    const one = await issue();
    const answer = await notify({ notification_id: one.notificationId, event }, one);
    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    await expect.poll(() => outcomeOf(one), { timeout: 15_000 }).toBe(outcome);
  });

  it('CRD-22 SEC-10 ends the keeping of the credential: what stays is neither it, nor the key it is bound to', async () => {
    const one = await issue();
    const kept = () => system().db.issuedCredentials.findOne({ issuerId: 'default', sessionId: one.offerId });
    expect(await kept()).toHaveProperty('sealed');
    await notify({ notification_id: one.notificationId, event: 'credential_accepted' }, one);
    await expect.poll(kept, { timeout: 15_000 }).not.toHaveProperty('sealed');
    expect(Object.keys((await kept()) ?? {}).sort()).toEqual([
      '_id',
      'claimOrigins',
      'configurationId',
      'count',
      'credentialId',
      'issuedAt',
      'issuerId',
      'keyId',
      'profile',
      'sessionId',
      'type',
      'userId',
      'validUntil',
    ]);
  });

  it('NOT-03 can be repeated, also when the issuance is over; other events are taken, and change nothing', async () => {
    const one = await issue();
    const body = { notification_id: one.notificationId, event: 'credential_accepted' };
    expect((await notify(body, one)).status).toBe(204);
    await expect.poll(() => outcomeOf(one), { timeout: 15_000 }).toBe('accepted');
    expect((await notify(body, one)).status).toBe(204);
    expect((await notify({ ...body, event: 'credential_deleted' }, one)).status).toBe(204);
    expect(await outcomeOf(one)).toBe('accepted');
  });

  it('NOT-05 may have members that nobody knows, and any event_description', async () => {
    const one = await issue();
    const event_description = 'Ungültig "\\\r\n\u0000<script>'.repeat(1000);
    const answer = await notify(
      { notification_id: one.notificationId, event: 'credential_failure', event_description, unknown: { a: [1] } },
      one,
    );
    expect(answer.status).toBe(204);
  });

  it('NOT-07 is not needed: the credential can be fetched again as long as none came', async () => {
    const { backend, configurationId, wallet } = requests();
    const token = await wallet.token((await backend.offer([configurationId])).uri);
    const body = await wallet.credentialRequest(configurationId);
    const first = await wallet.requestCredential(token, body);
    expect((await wallet.requestCredential(token, body)).text).toBe(first.text);
  });
});

describe('a notification that is refused', () => {
  it.each([
    ['without event', () => ({ notification_id: issued.notificationId })],
    ['of an unknown event', () => ({ notification_id: issued.notificationId, event: 'credential_lost' })],
    ['in another case', () => ({ notification_id: issued.notificationId, event: 'Credential_Accepted' })],
    ['of an event that is no string', () => ({ notification_id: issued.notificationId, event: ['credential_accepted'] })],
    ['of a name of Object.prototype', () => ({ notification_id: issued.notificationId, event: 'constructor' })],
    ['without id', () => ({ event: 'credential_accepted' })],
    ['with an id that is no string', () => ({ notification_id: { $ne: '' }, event: 'credential_accepted' })],
    ['with an empty id', () => ({ notification_id: '', event: 'credential_accepted' })],
    ['that is an array', () => []],
    ['that is null', () => 'null'],
    ['that is no JSON', () => '{'],
  ])('NOT-02 NOT-06 %s', async (_name, body) => {
    expect(refusalOf(await notify(body()))).toBe('400 invalid_notification_request');
  });

  it('NOT-06 of another media type, or too large', async () => {
    const url = `${system().url}/v1/openid/notification`;
    const headers = { authorization: `Bearer ${issued.token}`, 'content-type': 'text/plain' };
    expect(refusalOf(await exchange(url, { method: 'POST', headers, body: '{}' }))).toBe('415 invalid_notification_request');
    const large = { notification_id: issued.notificationId, event: 'credential_accepted', filling: 'x'.repeat(1_100_000) };
    expect(refusalOf(await notify(large))).toBe('413 invalid_notification_request');
  });

  it.each([
    ['made up', () => 'made-up'],
    ['of 10 kB', () => 'x'.repeat(10_000)],
    ['with hostile characters', () => '"\\\r\n☃$where'],
    ['with a changed part', () => issued.notificationId.replace(/.{5}$/, 'AAAAA')],
    ['of another request', () => withRequest('A'.repeat(43))],
    ['that is a transaction_id', () => minted({ kind: 'transaction' })],
    ['of another issuer', () => minted({ issuerId: 'other' })],
  ])('NOT-06 SEC-15 with an id %s', async (_name, id) => {
    const answer = await notify({ notification_id: id(), event: 'credential_accepted' });
    expect(refusalOf(answer)).toBe('400 invalid_notification_id');
  });

  it("NOT-08 with another user's token", async () => {
    const stranger = await issue();
    const answer = await notify({ notification_id: issued.notificationId, event: 'credential_deleted' }, stranger);
    expect(refusalOf(answer)).toBe('400 invalid_notification_id');
    expect(await outcomeOf(issued)).toBeUndefined();
  });
});

/** What our own id would be for another purpose: it has to be worth nothing here. */
function minted(change: { kind?: 'transaction'; issuerId?: string }): string {
  const scope = { ring: ringOf(system()), issuerId: 'default', kind: 'notification' } as const;
  const routed = readRoutedId(issued.notificationId, scope);
  if (routed === undefined) throw new Error('the notification_id is not one');
  return mintRoutedId(routed, { ...scope, ...change });
}

function withRequest(requestId: string): string {
  return issued.notificationId.split('.').with(1, requestId).join('.');
}
