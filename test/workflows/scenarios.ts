import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { issuance } from '../../workflows/issuance.js';
import * as messages from '../../workflows/messages.js';
import type { IssuanceActivities } from '../../workflows/activity-types.js';

export type IssuanceHandle = WorkflowHandle<typeof issuance>;

/** A way an issuance can go: every one has its own control flow, and so its own committed history. */
export interface Scenario {
  readonly name: string;
  readonly input?: Partial<messages.IssuanceInput>;
  readonly activities?: Partial<IssuanceActivities>;
  /** Seconds the offer lives. */
  readonly expiresInSeconds?: number;
  readonly drive: (handle: IssuanceHandle) => Promise<unknown>;
}

export const CODE_HASH = 'code-hash';
export const CONFIGURATION = '5f0c1c4e-0000-4000-8000-000000000001';
export const OTHER_CONFIGURATION = '5f0c1c4e-0000-4000-8000-000000000002';
const WITH_SOURCE = [{ id: CONFIGURATION, claimSourceId: '5f0c1c4e-0000-4000-8000-0000000000aa' }];

export function scenarioInput({ input, expiresInSeconds = 300 }: Scenario): messages.IssuanceInput {
  return {
    issuerId: 'default',
    sessionId: randomBytes(16).toString('base64url'),
    grantType: 'pre-authorized_code',
    codeHash: CODE_HASH,
    transactionCodeAttempts: 3,
    expiresAt: Date.now() + expiresInSeconds * 1000,
    configurations: [{ id: CONFIGURATION }],
    issuerRevision: 1,
    correlationId: 'correlation',
    purgeAfterSeconds: 86_400,
    completionWindowSeconds: 3600,
    stuckAfterSeconds: 10,
    ...input,
  };
}

export function redemption(change: Partial<messages.RedeemTokenRequest> = {}): messages.RedeemTokenRequest {
  const attemptId = randomBytes(8).toString('hex');
  const tokenExpiresAt = Date.now() + 300_000;
  return { attemptId, tokenId: 'token', tokenExpiresAt, codeHash: CODE_HASH, apiInstance: 'api/1', ...change };
}

export function redeem(handle: IssuanceHandle, change: Partial<messages.RedeemTokenRequest> = {}) {
  const request = redemption(change);
  return handle.executeUpdate(messages.redeemToken, { updateId: request.attemptId, args: [request] });
}

export function request(handle: IssuanceHandle, change: Partial<messages.RequestCredentialRequest> = {}) {
  const requestId = change.requestId ?? 'request';
  return handle.executeUpdate(messages.requestCredential, {
    updateId: requestId,
    args: [{ requestId, tokenId: 'token', configurationId: CONFIGURATION, holderKeys: [null], ...change }],
  });
}

export function accept(handle: IssuanceHandle, requestId = 'request') {
  return handle.executeUpdate(messages.notify, { args: [{ requestId, event: 'credential_accepted' }] });
}

/** An activity that fails a number of times before it succeeds. */
export function failing(times: number, type = 'ClaimsSourceUnavailable'): () => Promise<void> {
  let left = times;
  return () => {
    left -= 1;
    return left >= 0 ? Promise.reject(ApplicationFailure.create({ type, message: 'not now' })) : Promise.resolve();
  };
}

const denying = () => Promise.reject(ApplicationFailure.nonRetryable('no', 'ClaimsRejected'));

export const scenarios: readonly Scenario[] = [
  {
    name: 'accepted',
    drive: async (handle) => {
      await redeem(handle);
      await request(handle);
      await accept(handle);
    },
  },
  {
    name: 'accepted-with-transaction-code',
    input: { transactionCodeHash: 'tx' },
    drive: async (handle) => {
      await redeem(handle, { transactionCodeHash: 'wrong' }).catch(() => undefined);
      await redeem(handle, { transactionCodeHash: 'tx' });
      await request(handle);
      await accept(handle);
    },
  },
  {
    name: 'transaction-code-attempts-exceeded',
    input: { transactionCodeHash: 'tx' },
    drive: async (handle) => {
      for (const wrong of ['1', '2', '3']) await redeem(handle, { transactionCodeHash: wrong }).catch(() => undefined);
    },
  },
  { name: 'expired', expiresInSeconds: 1, drive: () => Promise.resolve() },
  {
    name: 'expired-after-token',
    expiresInSeconds: 1,
    drive: async (handle) => {
      await redeem(handle, { tokenExpiresAt: Date.now() + 2000 });
    },
  },
  {
    name: 'accepted-while-no-worker-ran',
    drive: async (handle) => {
      await redeem(handle);
      await request(handle);
      await handle.signal(messages.notification, { requestId: 'request', event: 'credential_accepted' });
    },
  },
  { name: 'withdrawn', drive: (handle) => handle.executeUpdate(messages.withdraw) },
  { name: 'withdrawn-while-no-worker-ran', expiresInSeconds: 1, drive: (handle) => handle.signal(messages.withdrawal) },
  {
    name: 'cancelled-in-ui',
    drive: async (handle) => {
      await handle.cancel();
    },
  },
  {
    name: 'claims-source',
    input: { configurations: WITH_SOURCE },
    drive: async (handle) => {
      await redeem(handle);
      await request(handle);
      await accept(handle);
    },
  },
  {
    name: 'claims-source-stuck-then-recovered',
    input: { configurations: WITH_SOURCE, stuckAfterSeconds: 1 },
    activities: { collectClaims: failing(3) },
    drive: async (handle) => {
      await redeem(handle);
      await request(handle);
      await accept(handle);
    },
  },
  {
    name: 'claims-denied',
    input: { configurations: WITH_SOURCE },
    activities: { collectClaims: denying },
    drive: async (handle) => {
      await redeem(handle, { tokenExpiresAt: Date.now() + 2000 });
      await request(handle).catch(() => undefined);
    },
  },
  {
    name: 'claims-source-gone-for-good',
    input: { configurations: WITH_SOURCE, completionWindowSeconds: 1 },
    activities: { collectClaims: failing(1000) },
    drive: async (handle) => {
      await redeem(handle, { tokenExpiresAt: Date.now() + 2500 });
      await request(handle).catch(() => undefined);
    },
  },
  {
    name: 'signer-stuck-then-recovered',
    input: { stuckAfterSeconds: 1 },
    activities: { issueCredential: failing(8, 'SignerError') },
    drive: async (handle) => {
      await redeem(handle);
      await request(handle);
      await accept(handle);
    },
  },
  {
    name: 'signed-in-a-key-store',
    input: { configurations: [{ id: CONFIGURATION, remoteSigner: true }] },
    drive: async (handle) => {
      await redeem(handle);
      await request(handle);
      await accept(handle);
    },
  },
  {
    name: 'signed-in-a-key-store-that-was-away',
    input: { configurations: [{ id: CONFIGURATION, remoteSigner: true }], stuckAfterSeconds: 1 },
    activities: { issueCredential: failing(3, 'SignerError') },
    drive: async (handle) => {
      await redeem(handle);
      await request(handle);
      await accept(handle);
    },
  },
  {
    name: 'two-configurations-one-failed-by-wallet',
    input: { configurations: [{ id: CONFIGURATION }, { id: OTHER_CONFIGURATION }] },
    drive: async (handle) => {
      await redeem(handle);
      await Promise.all([
        request(handle, { requestId: 'one' }),
        request(handle, { requestId: 'two', configurationId: OTHER_CONFIGURATION }),
      ]);
      await accept(handle, 'one');
      await handle.signal(messages.notification, { requestId: 'two', event: 'credential_failure' });
    },
  },
  {
    name: 'issued-unacknowledged',
    input: { purgeAfterSeconds: 1 },
    drive: async (handle) => {
      await redeem(handle, { tokenExpiresAt: Date.now() + 1500 });
      await request(handle);
    },
  },
  {
    name: 'token-answer-lost-then-superseded',
    drive: async (handle) => {
      await redeem(handle, { attemptId: 'lost' });
      await redeem(handle, { supersedes: 'lost', tokenId: 'second' });
      await request(handle, { tokenId: 'second' });
      await accept(handle);
    },
  },
  {
    name: 'store-away-while-closing',
    activities: { closeIssuance: failing(8, 'MongoNetworkError') },
    drive: (handle) => handle.executeUpdate(messages.withdraw),
  },
];
