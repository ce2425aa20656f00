import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { requestCredential } from '../../workflows/messages.js';
import { accept, CONFIGURATION, failing, request, type IssuanceHandle } from './scenarios.js';
import { useTimeSkipping } from './time-skipping.js';

const run = useTimeSkipping();
const HOUR = 3600;
const SOURCED = { configurations: [{ id: CONFIGURATION, claimSourceId: 'source' }], stuckAfterSeconds: 10 };
const FOR_GOOD = 1_000_000;

/** Sends the credential request and does not wait for its answer. */
function begin(handle: IssuanceHandle, requestId = 'request') {
  const sent = { requestId, tokenId: 'token', configurationId: CONFIGURATION, holderKeys: [null] };
  return handle.startUpdate(requestCredential, { updateId: requestId, waitForStage: 'ACCEPTED', args: [sent] });
}

/** A step that fails until it is mended. */
function breakable(type: string): { readonly step: () => Promise<void>; mend(): void } {
  let broken = true;
  return {
    step: () => (broken ? Promise.reject(ApplicationFailure.create({ type, message: 'not now' })) : Promise.resolve()),
    mend: () => (broken = false),
  };
}

describe('a claims source that fails', () => {
  it('is shown as a problem once it has for long enough, and the problem is taken back when it answers', async () => {
    const source = breakable('ClaimsSourceUnavailable');
    await run({ input: SOURCED, activities: { collectClaims: source.step } }, async ({ handle, redeem, goTo, state }) => {
      await redeem();
      const requested = await begin(handle);
      await goTo(5);
      expect(await state()).toMatchObject({ phase: 'COLLECTING_CLAIMS' });
      expect((await state()).problem).toBeUndefined();
      await goTo(15);
      expect(await state()).toMatchObject({ phase: 'COLLECTING_CLAIMS', problem: 'stuck:claims' });
      source.mend();
      await goTo(60);
      expect(await state()).toMatchObject({ phase: 'WAIT_NOTIFICATION', issuedCount: 1 });
      expect((await state()).problem).toBeUndefined();
      expect(await requested.result()).toMatchObject({ issuedRef: expect.any(String) as string });
    });
  });

  it('does not cost the holder the issuance when it is back after the token has ended', async () => {
    const source = breakable('ClaimsSourceUnavailable');
    await run({ input: SOURCED, activities: { collectClaims: source.step } }, async ({ handle, redeem, goTo, state }) => {
      await redeem();
      await begin(handle);
      await goTo(HOUR - 300);
      expect(await state()).toMatchObject({ phase: 'COLLECTING_CLAIMS', problem: 'stuck:claims' });
      source.mend();
      await goTo(HOUR);
      await accept(handle);
      expect(await handle.result()).toEqual({ outcome: 'accepted', issuedCount: 1 });
    });
  });

  it('for the whole completion window makes the issuance fail, with its claims erased and no outcome', () =>
    run(
      { input: SOURCED, activities: { collectClaims: failing(FOR_GOOD) } },
      async ({ handle, redeem, closed, secondsTaken }) => {
        await redeem();
        const requested = await begin(handle);
        const failure = await handle.result().catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(WorkflowFailedError);
        expect((failure as WorkflowFailedError).cause).toMatchObject({ type: 'IssuanceFault' });
        await expect(requested.result()).rejects.toMatchObject({ cause: { type: 'credential_request_denied' } });
        expect(Math.abs((await secondsTaken()) - HOUR)).toBeLessThan(60);
        expect(closed).toHaveLength(1);
        expect(closed[0]).not.toHaveProperty('outcome');
      },
    ));

  it('for the whole window of a token that lives on leaves the wallet another attempt', () => {
    const input = { ...SOURCED, completionWindowSeconds: 60 };
    return run({ input, activities: { collectClaims: failing(8) } }, async ({ handle, redeem, at, goTo, state }) => {
      await redeem({ tokenExpiresAt: at(HOUR) });
      const requested = await begin(handle);
      await goTo(90);
      await expect(requested.result()).rejects.toMatchObject({ cause: { type: 'credential_request_denied' } });
      expect(await state()).toMatchObject({ phase: 'WAIT_REQUEST' });
      const again = await begin(handle, 'again');
      await goTo(180);
      expect(await again.result()).toBeDefined();
      await accept(handle, 'again');
      expect(await handle.result()).toEqual({ outcome: 'accepted', issuedCount: 1 });
    });
  });

  it('for good denies the credential, and no problem is shown', () => {
    const collectClaims = () => Promise.reject(ApplicationFailure.nonRetryable('no', 'ClaimsRejected'));
    return run({ input: SOURCED, activities: { collectClaims } }, async ({ handle, redeem, state }) => {
      await redeem();
      await expect(request(handle)).rejects.toMatchObject({ cause: { type: 'credential_request_denied' } });
      expect(await state()).toMatchObject({ phase: 'WAIT_REQUEST', issuedCount: 0 });
      expect((await state()).problem).toBeUndefined();
      expect(await handle.result()).toEqual({ outcome: 'denied', issuedCount: 0 });
    });
  });
});

describe('a signer that fails', () => {
  it('goes on as an activity that operators see, with the problem shown until it signs', async () => {
    const signer = breakable('SignerError');
    await run({ activities: { issueCredential: signer.step } }, async ({ handle, redeem, goTo, state }) => {
      await redeem();
      const requested = await begin(handle);
      await expect.poll(async () => (await state()).problem, { timeout: 15_000 }).toBe('stuck:signer');
      const { pendingActivities } = (await handle.describe()).raw;
      expect(pendingActivities?.map(({ activityType }) => activityType?.name)).toEqual(['issueCredential']);
      signer.mend();
      await goTo(60);
      expect(await state()).toMatchObject({ phase: 'WAIT_NOTIFICATION', issuedCount: 1 });
      expect((await state()).problem).toBeUndefined();
      expect(await requested.result()).toBeDefined();
    });
  });

  it('for the whole completion window makes the issuance fail', () =>
    run({ activities: { issueCredential: failing(FOR_GOOD, 'SignerError') } }, async ({ handle, redeem, closed }) => {
      await redeem();
      const requested = await begin(handle);
      await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'IssuanceFault' } });
      await expect(requested.result()).rejects.toMatchObject({ cause: { type: 'credential_request_denied' } });
      expect(closed).toHaveLength(1);
    }));
});

describe('a store that is away while an issuance closes', () => {
  it('is waited for, as an activity that operators see: nothing is left unerased', () =>
    run({ activities: { closeIssuance: failing(40, 'MongoNetworkError') }, expiresIn: 60 }, async ({ handle, closed }) => {
      expect(await handle.result()).toEqual({ outcome: 'expired', issuedCount: 0 });
      expect(closed).toHaveLength(1);
    }));
});
