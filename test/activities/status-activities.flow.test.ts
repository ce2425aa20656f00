import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import type { ActivityDependencies } from '../../activities/dependencies.js';
import { revokeAsClosed } from '../../activities/revoke-as-closed.js';
import { revokeOfferCredentials } from '../../activities/revoke-offer-credentials.js';
import type { RevocationTrigger } from '../../store/configuration-documents.js';
import { useSharedSystem } from '../harness/use-system.js';

const system = useSharedSystem();

/** An issuer of its own whose credentials are revoked on what each of them says. */
function issuer() {
  const { db } = system();
  const issuerId = `test-${randomUUID()}`;
  const asked: string[] = [];
  const statusPublications = {
    request: ({ listId }: { listId: string }) => {
      asked.push(listId);
      return Promise.resolve();
    },
  };
  const dependencies = { db, statusPublications, now: Date.now } as unknown as ActivityDependencies;
  const issue = async (revokeOn: readonly RevocationTrigger[], sessionId: string = randomUUID()) => {
    const [_id, listId] = [`${issuerId}/${randomUUID()}`, randomUUID()];
    await db.statusEntries.insertOne({ _id: `${listId}/3`, issuerId, listId, index: 3, ownerId: `${_id}/0`, status: 0 });
    await db.issuedCredentials.insertOne({
      _id,
      issuerId,
      sessionId,
      configurationId: 'configuration',
      credentialId: randomUUID(),
      profile: 'sd-jwt',
      type: 'urn:test',
      userId: 'user',
      count: 1,
      keyId: 'key',
      issuedAt: new Date(),
      statuses: [{ listId, index: 3 }],
      statusPolicy: { suspendable: false, revokeOn },
    });
    return { ledgerId: _id, sessionId, listId };
  };
  const status = async ({ listId }: { listId: string }) => (await db.statusEntries.findOne({ _id: `${listId}/3` }))?.status;
  return { db, issuerId, asked, dependencies, issue, status };
}

describe('closing an issuance', () => {
  it('revokes what was deleted or never acknowledged, where the configuration says so, and nothing else', async () => {
    const { issuerId, asked, dependencies, issue, status } = issuer();
    const deleted = await issue(['credential_deleted']);
    const unacknowledged = await issue(['unacknowledged']);
    const others = [
      await issue(['unacknowledged', 'withdrawn', 'user_deleted']),
      await issue([]),
      await issue(['credential_deleted']),
    ];
    const ids = (some: readonly { ledgerId: string }[]) => some.map(({ ledgerId }) => ledgerId);
    await revokeAsClosed(dependencies, {
      issuerId,
      sessionId: 'session',
      ledgerIds: ids([deleted, unacknowledged, ...others]),
      deletedLedgerIds: ids([deleted, others[0]!, others[1]!]),
      unacknowledgedLedgerIds: ids([unacknowledged, others[2]!]),
    });
    expect(await Promise.all([deleted, unacknowledged].map(status))).toEqual([1, 1]);
    expect(await Promise.all(others.map(status))).toEqual([0, 0, 0]);
    expect(asked.sort()).toEqual([deleted.listId, unacknowledged.listId].sort());
  });

  it('revokes what came from an offer that was revoked meanwhile', async () => {
    const { db, issuerId, dependencies, issue, status } = issuer();
    const [offerId, credential] = [randomUUID(), await issue(['withdrawn'])];
    const offer = { _id: offerId, issuerId, configurationIds: [], correlationId: 'c', createdAt: new Date() };
    await db.offers.insertOne({ ...offer, state: 'active' });
    const close = { issuerId, sessionId: credential.sessionId, offerId, ledgerIds: [credential.ledgerId] };
    await revokeAsClosed(dependencies, close);
    expect(await status(credential)).toBe(0);
    await db.offers.updateOne({ _id: offerId }, { $set: { state: 'revoked' } });
    await revokeAsClosed(dependencies, close);
    expect(await status(credential)).toBe(1);
  });
});

describe('revoking a reusable offer', () => {
  it('revokes what was issued from it before, session by session', async () => {
    const { db, issuerId, dependencies, issue, status } = issuer();
    const offerId = randomUUID();
    const credentials = [await issue(['withdrawn']), await issue(['withdrawn']), await issue(['user_deleted'])];
    const elsewhere = await issue(['withdrawn']);
    const at = new Date();
    for (const { sessionId } of credentials) {
      await db.issuances.insertOne({
        _id: sessionId,
        issuerId,
        offerId,
        grantType: 'authorization_code',
        configurationIds: [],
        userId: 'user',
        correlationId: 'c',
        codeKey: 'k',
        createdAt: at,
        expiresAt: at,
      });
    }
    await new MockActivityEnvironment().run(() => revokeOfferCredentials(dependencies, { issuerId, offerId, told: undefined }));
    expect(await Promise.all([...credentials, elsewhere].map(status))).toEqual([1, 1, 0, 0]);
  });
});
