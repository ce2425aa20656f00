import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { beginAuthorization } from '../../workflows/authorization.js';
import type { IssuanceRecord, Redemption } from '../../workflows/phases.js';
import { checkCredentialRequest, checkLogin, checkRedemption, checkRefresh, checkReturn } from '../../workflows/refusals.js';
import { CODE_HASH, CONFIGURATION, redemption, scenarioInput } from './scenarios.js';

const input = scenarioInput({ name: 'unit', drive: () => Promise.resolve() });
const REFRESH_TOKEN = { hash: 'refresh', clientHash: 'client' };

/** A session whose time is over at that moment, before and after its code was redeemed. */
function recordsAt(end: number) {
  const open: IssuanceRecord = {
    offeredConfigurations: 1,
    expiresAt: end,
    purgeAfterMs: 1000,
    completionWindowMs: 1000,
    allowedTransactionCodeAttempts: 3,
    refreshed: [],
    requests: new Map(),
    wrongTransactionCodes: 0,
    withdrawn: false,
    closed: false,
  };
  const redeemed: Redemption = {
    attemptId: 'a',
    tokenId: 'token',
    tokenExpiresAt: end,
    apiInstance: 'api/1',
    codeHash: CODE_HASH,
    refreshToken: REFRESH_TOKEN,
    refreshableUntil: end,
  };
  const limits = { interactionSeconds: 600, approvalSeconds: 600, codeSeconds: 60 };
  const authorization = beginAuthorization(
    { clientBinding: 'c', codeChallenge: 'c', byAuthorizationDetails: [], ...limits },
    end - 600_000,
  );
  return {
    open,
    redeemed: { ...open, redemption: redeemed },
    atProvider: { ...open, authorization },
    atHook: { ...open, authorization: { ...authorization, step: 'interaction' as const } },
  };
}

/** The type of refusal, if any. */
function refusalOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    return error.type ?? '';
  }
}

type Records = ReturnType<typeof recordsAt>;
const MESSAGES: readonly (readonly [string, string, (records: Records) => unknown])[] = [
  ['a redemption (TOK-11)', 'invalid_grant', ({ open }) => checkRedemption(input, open, redemption())],
  [
    'a refresh (TOK-19)',
    'invalid_grant',
    ({ redeemed }) => checkRefresh(redeemed, { ...REFRESH_TOKEN, tokenId: 't', tokenExpiresAt: Date.now() + 1000 }),
  ],
  [
    'a credential request',
    'session_closed',
    ({ redeemed }) =>
      checkCredentialRequest(input, redeemed, {
        requestId: 'r',
        tokenId: 'token',
        configurationId: CONFIGURATION,
        holderKeys: [null],
      }),
  ],
  ['a login', 'session_closed', ({ atProvider }) => checkLogin(atProvider, { evidenceHash: 'e' })],
  ['a return from the hook', 'session_closed', ({ atHook }) => checkReturn(atHook, { evidenceHash: 'e' })],
];

describe('a message that comes in the same task as the timer that ends its session', () => {
  it.each(MESSAGES)('%s is refused, and taken before', (_message, refusal, check) => {
    expect(refusalOf(() => check(recordsAt(Date.now() + 60_000)))).toBeUndefined();
    expect(refusalOf(() => check(recordsAt(Date.now())))).toBe(refusal);
  });
});
