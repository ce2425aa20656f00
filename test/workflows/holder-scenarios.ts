import * as messages from '../../workflows/messages.js';
import { accept, CONFIGURATION, redeem, request, type IssuanceHandle, type Scenario } from './scenarios.js';

/** What an issuance with an authorization code starts with; `interaction` puts a hook between login and code. */
export function authorizationInput({ interaction }: { interaction?: number } = {}): Partial<messages.IssuanceInput> {
  return {
    grantType: 'authorization_code',
    authorization: {
      clientBinding: 'client',
      codeChallenge: 'challenge',
      byAuthorizationDetails: [],
      ...(interaction === undefined ? {} : { interactionSeconds: interaction }),
      approvalSeconds: 14 * 86_400,
      codeSeconds: 60,
    },
    refreshSeconds: 86_400,
  };
}

export function logIn(handle: IssuanceHandle, { login = 'login', code = 'code' } = {}): Promise<messages.NextStep> {
  return handle.executeUpdate(messages.authenticated, { args: [{ evidenceHash: login, codeHash: code }] });
}

export function returnFromHook(
  handle: IssuanceHandle,
  result: messages.InteractionReturnedRequest['result'] = 'completed',
  { token = 'token', code = 'code' } = {},
): Promise<messages.NextStep> {
  return handle.executeUpdate(messages.interactionReturned, { args: [{ evidenceHash: token, result, codeHash: code }] });
}

export function resume(handle: IssuanceHandle, { defer = false, code = 'code' } = {}): Promise<messages.NextStep> {
  return handle.executeUpdate(messages.resume, { args: [{ codeHash: code, defer }] });
}

/** Redeems an authorization code as the wallet that asked for it. */
export function redeemCode(handle: IssuanceHandle, change: Partial<messages.RedeemTokenRequest> = {}) {
  return redeem(handle, { codeHash: 'code', clientBinding: 'client', codeChallenge: 'challenge', ...change });
}

const REFRESHABLE = { refreshToken: { hash: 'refresh', clientHash: 'client' } };

export function refresh(handle: IssuanceHandle, change: Partial<messages.RefreshTokenRequest> = {}) {
  const refreshed = { hash: 'refresh', clientHash: 'client', tokenId: 'fresh', tokenExpiresAt: Date.now() + 300_000, ...change };
  return handle.executeUpdate(messages.refreshToken, { args: [refreshed], updateId: refreshed.tokenId });
}

const WITH_SOURCE = [{ id: CONFIGURATION, claimSourceId: '5f0c1c4e-0000-4000-8000-0000000000aa' }];

/** The shapes that an issuance with an authorization code has of its own. */
export const holderScenarios: readonly Scenario[] = [
  {
    name: 'code-accepted',
    input: authorizationInput(),
    drive: async (handle) => {
      await logIn(handle);
      await redeemCode(handle);
      await request(handle);
      await accept(handle);
    },
  },
  {
    name: 'code-with-interaction-and-claims-source',
    input: { ...authorizationInput({ interaction: 600 }), configurations: WITH_SOURCE },
    drive: async (handle) => {
      await logIn(handle);
      await returnFromHook(handle);
      await redeemCode(handle);
      await request(handle);
      await accept(handle);
    },
  },
  { name: 'code-holder-never-logs-in', input: authorizationInput(), expiresInSeconds: 1, drive: () => Promise.resolve() },
  {
    name: 'code-holder-never-returns-from-the-hook',
    input: authorizationInput({ interaction: 2 }),
    drive: async (handle) => {
      await logIn(handle);
    },
  },
  {
    name: 'code-provider-refuses',
    input: authorizationInput(),
    drive: (handle) => handle.executeUpdate(messages.authenticationFailed, { args: [{ error: 'access_denied' }] }),
  },
  {
    name: 'code-hook-refuses',
    input: authorizationInput({ interaction: 600 }),
    drive: async (handle) => {
      await logIn(handle);
      await returnFromHook(handle, 'refused').catch(() => undefined);
    },
  },
  {
    name: 'code-decided-while-the-browser-waits',
    input: authorizationInput({ interaction: 600 }),
    drive: async (handle) => {
      await logIn(handle);
      await returnFromHook(handle, 'pending');
      await handle.signal(messages.claimsReady, { result: 'completed' });
      await resume(handle);
      await redeemCode(handle);
      await request(handle);
      await accept(handle);
    },
  },
  {
    name: 'code-deferred-until-decided',
    input: authorizationInput({ interaction: 600 }),
    drive: async (handle) => {
      await logIn(handle);
      await returnFromHook(handle, 'deferred');
      await redeemCode(handle, REFRESHABLE);
      const collected = request(handle);
      await refresh(handle);
      await handle.signal(messages.claimsReady, { result: 'completed' });
      await collected;
      await accept(handle);
    },
  },
  {
    name: 'code-deferred-and-refused',
    input: authorizationInput({ interaction: 600 }),
    drive: async (handle) => {
      await logIn(handle);
      await returnFromHook(handle, 'deferred');
      await redeemCode(handle);
      const collected = request(handle).catch(() => undefined);
      await handle.executeUpdate(messages.resume, { args: [{ codeHash: 'late', defer: false }] }).catch(() => undefined);
      await handle.signal(messages.claimsReady, { result: 'refused' });
      await collected;
    },
  },
  {
    name: 'code-used-twice',
    input: authorizationInput(),
    drive: async (handle) => {
      await logIn(handle);
      await redeemCode(handle);
      await redeemCode(handle).catch(() => undefined);
      await handle.executeUpdate(messages.revokeGrant);
    },
  },
];
