import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { authenticationFailed, claimsReady, revokeGrant, type RedeemTokenRequest } from '../../workflows/messages.js';
import { authorizationInput, logIn, redeemCode, refresh, resume, returnFromHook } from './holder-scenarios.js';
import { accept, request } from './scenarios.js';
import { useTimeSkipping, type TimedIssuance } from './time-skipping.js';

const run = useTimeSkipping();
const HOUR = 3600;
const DAY = 24 * HOUR;
const REFRESH_TOKEN = { hash: 'refresh', clientHash: 'client' };

/** With a token that ends on the clock of the test. */
function redeemIn({ handle, at }: Pick<TimedIssuance, 'handle' | 'at'>, change: Partial<RedeemTokenRequest> = {}) {
  return redeemCode(handle, { tokenExpiresAt: at(300), ...change });
}

async function refusalOf(message: Promise<unknown>): Promise<string | undefined> {
  try {
    await message;
    return undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone';
    const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
    return cause instanceof ApplicationFailure ? (cause.type ?? '') : String(error);
  }
}

describe('a holder at the provider', () => {
  it('may come back after a night, and the session goes on', () =>
    run({ input: authorizationInput(), expiresIn: DAY }, async ({ handle, goTo, state, at }) => {
      await goTo(14 * HOUR);
      expect(await state()).toMatchObject({ phase: 'WAIT_AUTH' });
      expect(await logIn(handle)).toEqual({ next: 'code' });
      expect(await state()).toMatchObject({ phase: 'WAIT_CODE' });
      await redeemCode(handle, { tokenExpiresAt: at(14 * HOUR + 300) });
      await request(handle);
      await accept(handle);
      expect(await handle.result()).toEqual({ outcome: 'accepted', issuedCount: 1 });
    }));

  it('who never comes back lets the session expire, and not before its time', () =>
    run({ input: authorizationInput(), expiresIn: DAY }, async ({ handle, goTo, state, secondsTaken, closed, input }) => {
      await goTo(DAY - 60);
      expect(await state()).toMatchObject({ phase: 'WAIT_AUTH' });
      expect(await handle.result()).toEqual({ outcome: 'expired', issuedCount: 0 });
      expect(Math.abs((await secondsTaken()) - DAY)).toBeLessThan(30);
      expect(closed).toEqual([{ issuerId: 'default', sessionId: input.sessionId, outcome: 'expired', ledgerIds: [] }]);
      expect(await refusalOf(logIn(handle))).toBe('gone');
    }));

  it('whom the provider refuses ends the session', () =>
    run({ input: authorizationInput() }, async ({ handle }) => {
      await handle.executeUpdate(authenticationFailed, { args: [{ error: 'access_denied' }] });
      expect(await handle.result()).toEqual({ outcome: 'authentication_failed', issuedCount: 0 });
    }));

  it('whose browser reloads comes to the same step, and another login does not', () =>
    run({ input: authorizationInput({ interaction: 600 }) }, async ({ handle }) => {
      expect(await logIn(handle)).toEqual({ next: 'interaction' });
      expect(await logIn(handle)).toEqual({ next: 'interaction' });
      expect(await refusalOf(logIn(handle, { login: 'other' }))).toBe('step_passed');
    }));

  it('cannot be refused any more once logged in', () =>
    run({ input: authorizationInput({ interaction: 600 }) }, async ({ handle, state }) => {
      await logIn(handle);
      await handle.executeUpdate(authenticationFailed, { args: [{ error: 'access_denied' }] });
      expect(await state()).toMatchObject({ phase: 'WAIT_INTERACTION' });
    }));
});

describe('a holder at the interaction hook', () => {
  it('has the time that the hook allows, counted from the login', () =>
    run({ input: authorizationInput({ interaction: 600 }), expiresIn: DAY }, async ({ handle, goTo, state, secondsTaken }) => {
      await goTo(2 * HOUR);
      await logIn(handle);
      await goTo(2 * HOUR + 590);
      expect(await state()).toMatchObject({ phase: 'WAIT_INTERACTION' });
      expect(await handle.result()).toMatchObject({ outcome: 'expired' });
      expect(Math.abs((await secondsTaken()) - (2 * HOUR + 600))).toBeLessThan(10);
    }));

  it('cannot return before the login, nor with a second answer after the first', () =>
    run({ input: authorizationInput({ interaction: 600 }) }, async ({ handle }) => {
      expect(await refusalOf(returnFromHook(handle))).toBe('invalid_request');
      await logIn(handle);
      expect(await returnFromHook(handle)).toEqual({ next: 'code' });
      expect(await returnFromHook(handle)).toEqual({ next: 'code' });
      expect(await refusalOf(returnFromHook(handle, 'completed', { token: 'other' }))).toBe('step_passed');
    }));

  it('who is refused gets access_denied', () =>
    run({ input: authorizationInput({ interaction: 600 }) }, async ({ handle }) => {
      await logIn(handle);
      expect(await refusalOf(returnFromHook(handle, 'refused'))).toBe('access_denied');
      expect(await handle.result()).toEqual({ outcome: 'interaction_refused', issuedCount: 0 });
    }));
});

describe('a decision that the hook left open', () => {
  it('is waited for by the browser, for days', () =>
    run({ input: authorizationInput({ interaction: 600 }) }, async ({ handle, goTo, state }) => {
      await logIn(handle);
      expect(await returnFromHook(handle, 'pending')).toEqual({ next: 'approval' });
      await goTo(3 * DAY);
      expect(await state()).toMatchObject({ phase: 'WAIT_APPROVAL' });
      expect(await resume(handle)).toEqual({ next: 'approval' });
      await handle.signal(claimsReady, { result: 'completed' });
      expect(await resume(handle)).toEqual({ next: 'code' });
    }));

  it('that came before the browser was back is not waited for', () =>
    run({ input: authorizationInput({ interaction: 600 }) }, async ({ handle }) => {
      await logIn(handle);
      await handle.signal(claimsReady, { result: 'completed' });
      expect(await returnFromHook(handle, 'pending')).toEqual({ next: 'code' });
    }));

  it('defers the credential where the holder does not wait, and lets it be issued days later', () =>
    run({ input: authorizationInput({ interaction: 600 }) }, async ({ handle, goTo, state, at }) => {
      await logIn(handle);
      await returnFromHook(handle, 'pending');
      expect(await resume(handle, { defer: true })).toEqual({ next: 'code' });
      await redeemIn({ handle, at }, { refreshToken: REFRESH_TOKEN });
      const collected = request(handle);
      await goTo(5 * DAY);
      expect(await state()).toMatchObject({ phase: 'WAIT_APPROVAL' });
      await refresh(handle, { tokenExpiresAt: at(5 * DAY + 300) });
      await handle.signal(claimsReady, { result: 'completed' });
      expect(await collected).toHaveProperty('issuedRef');
      await accept(handle);
      expect(await handle.result()).toMatchObject({ outcome: 'accepted' });
    }));

  it('that is a no denies the deferred credential', () =>
    run({ input: authorizationInput({ interaction: 600 }) }, async ({ handle, at }) => {
      await logIn(handle);
      await returnFromHook(handle, 'deferred');
      await redeemIn({ handle, at });
      const collected = refusalOf(request(handle));
      await handle.signal(claimsReady, { result: 'refused' });
      expect(await collected).toMatch(/^(credential_request_denied|session_closed|gone)$/);
      expect(await handle.result()).toMatchObject({ outcome: 'interaction_refused' });
    }));

  it('that never comes denies the deferred credential after fourteen days', () =>
    run({ input: authorizationInput({ interaction: 600 }) }, async ({ handle, goTo, at }) => {
      await logIn(handle);
      await returnFromHook(handle, 'deferred');
      await redeemIn({ handle, at }, { refreshToken: REFRESH_TOKEN });
      const collected = refusalOf(request(handle));
      await goTo(14 * DAY + 60);
      expect(await collected).toBe('credential_request_denied');
      expect(await handle.result()).toMatchObject({ outcome: 'denied' });
    }));
});

describe('an authorization code', () => {
  it('TOK-17 is good for 60 seconds, and a browser that asks again gets another', () =>
    run({ input: authorizationInput() }, async ({ handle, goTo, at }) => {
      await logIn(handle);
      await goTo(61);
      expect(await refusalOf(redeemIn({ handle, at }))).toBe('invalid_grant');
      await logIn(handle, { code: 'second' });
      expect(await redeemIn({ handle, at }, { codeHash: 'second' })).toHaveProperty('configurationIds');
    }));

  it('TOK-17 that is not redeemed lets the session expire some minutes later', () =>
    run({ input: authorizationInput(), expiresIn: DAY }, async ({ handle, secondsTaken }) => {
      await logIn(handle);
      expect(await handle.result()).toMatchObject({ outcome: 'expired' });
      expect(await secondsTaken()).toBeLessThan(600);
    }));

  it.each([
    ['another client or redirect URI', { clientBinding: 'other' }],
    ['another verifier', { codeChallenge: 'other' }],
    ['a code of another session', { codeHash: 'other' }],
  ])('is refused to %s, and stays good', (_who, change) =>
    run({ input: authorizationInput() }, async ({ handle, at }) => {
      await logIn(handle);
      expect(await refusalOf(redeemIn({ handle, at }, change))).toBe('invalid_grant');
      expect(await redeemIn({ handle, at })).toHaveProperty('configurationIds');
    }),
  );

  it('SEC-13 is refused to another DPoP key than it is bound to', () => {
    const input = authorizationInput();
    const bound = { ...input, authorization: { ...input.authorization!, dpopThumbprint: 'key' } };
    return run({ input: bound }, async ({ handle, at }) => {
      await logIn(handle);
      expect(await refusalOf(redeemIn({ handle, at }))).toBe('invalid_grant');
      expect(await refusalOf(redeemIn({ handle, at }, { dpopThumbprint: 'other' }))).toBe('invalid_grant');
      expect(await redeemIn({ handle, at }, { dpopThumbprint: 'key' })).toHaveProperty('configurationIds');
    });
  });

  it('TOK-17 used twice ends the grant', () =>
    run({ input: authorizationInput() }, async ({ handle, at }) => {
      await logIn(handle);
      await redeemIn({ handle, at });
      expect(await refusalOf(redeemIn({ handle, at }))).toBe('already_redeemed');
      await handle.executeUpdate(revokeGrant);
      expect(await refusalOf(request(handle))).toBe('gone');
      expect(await handle.result()).toEqual({ outcome: 'revoked', issuedCount: 0 });
    }));
});

describe('a refresh token', () => {
  it('TOK-19 gives further access tokens beside the first, as long as the issuance goes on', () =>
    run({ input: authorizationInput() }, async ({ handle, goTo, at }) => {
      await logIn(handle);
      await redeemIn({ handle, at }, { refreshToken: REFRESH_TOKEN });
      await goTo(20 * HOUR);
      await refresh(handle, { tokenExpiresAt: at(20 * HOUR + 300) });
      await request(handle, { tokenId: 'fresh' });
      await accept(handle);
      expect(await refusalOf(refresh(handle, { tokenId: 'later' }))).toBe('gone');
    }));

  it.each([
    ['another token', { hash: 'other' }],
    ['another client', { clientHash: 'other' }],
  ])('TOK-19 is refused: %s', (_what, change) =>
    run({ input: authorizationInput() }, async ({ handle, at }) => {
      await logIn(handle);
      await redeemIn({ handle, at }, { refreshToken: REFRESH_TOKEN });
      expect(await refusalOf(refresh(handle, change))).toBe('invalid_grant');
    }),
  );

  it('TOK-19 of a public client is bound to its DPoP key', () =>
    run({ input: authorizationInput() }, async ({ handle, at }) => {
      await logIn(handle);
      await redeemIn({ handle, at }, { dpopThumbprint: 'key', refreshToken: { ...REFRESH_TOKEN, dpopThumbprint: 'key' } });
      expect(await refusalOf(refresh(handle))).toBe('invalid_grant');
      expect(await refresh(handle, { dpopThumbprint: 'key' })).toHaveProperty('configurationIds');
    }));
});
