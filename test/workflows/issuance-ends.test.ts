import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { withdraw, withdrawal } from '../../workflows/messages.js';
import { accept, CONFIGURATION, OTHER_CONFIGURATION, request } from './scenarios.js';
import { useTimeSkipping } from './time-skipping.js';

const run = useTimeSkipping();
const HOUR = 3600;
const TWO = { configurations: [{ id: CONFIGURATION }, { id: OTHER_CONFIGURATION }] };

/** The type of refusal a message met; `gone` where the issuance was over. */
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

describe('an offer', () => {
  it('can be redeemed up to its end, and is over then', () =>
    run({ expiresIn: 600 }, async ({ handle, redeem, goTo, state, closed, input, secondsTaken }) => {
      await goTo(590);
      expect(await state()).toMatchObject({ phase: 'OFFERED' });
      expect(await handle.result()).toEqual({ outcome: 'expired', issuedCount: 0 });
      expect(Math.abs((await secondsTaken()) - 600)).toBeLessThan(5);
      expect(closed).toEqual([{ issuerId: 'default', sessionId: input.sessionId, outcome: 'expired', ledgerIds: [] }]);
      expect(await refusalOf(redeem())).toBe('gone');
    }));

  it('that was redeemed lasts as long as its token, past its own end', () =>
    run({ expiresIn: 60 }, async ({ handle, redeem, goTo, at, state, secondsTaken }) => {
      await redeem({ tokenExpiresAt: at(900) });
      await goTo(890);
      expect(await state()).toMatchObject({ phase: 'WAIT_REQUEST' });
      expect(await handle.result()).toEqual({ outcome: 'expired', issuedCount: 0 });
      expect(Math.abs((await secondsTaken()) - 900)).toBeLessThan(5);
    }));

  it('with a token that ends before the offer would is over with the token', () =>
    run({ expiresIn: HOUR }, async ({ handle, redeem, secondsTaken }) => {
      await redeem();
      expect(await handle.result()).toMatchObject({ outcome: 'expired' });
      expect(Math.abs((await secondsTaken()) - 300)).toBeLessThan(5);
    }));
});

describe('the deadline moves with a token that stands in for a lost one', () => {
  it.each([
    ['longer', 300, 1200],
    ['shorter', 1200, 300],
  ] as const)('to a %s life', (_life, lost, second) =>
    run({}, async ({ handle, redeem, at, secondsTaken }) => {
      await redeem({ attemptId: 'lost', tokenExpiresAt: at(lost) });
      await redeem({ supersedes: 'lost', tokenId: 'second', tokenExpiresAt: at(second) });
      expect(await refusalOf(request(handle))).toBe('invalid_token');
      expect(await handle.result()).toMatchObject({ outcome: 'expired' });
      expect(Math.abs((await secondsTaken()) - second)).toBeLessThan(5);
    }),
  );
});

describe('an issued credential', () => {
  it('that is never confirmed is erased after the purge time, and not before', () =>
    run({ input: { purgeAfterSeconds: 24 * HOUR } }, async ({ handle, redeem, input, goTo, state, closed, secondsTaken }) => {
      await redeem();
      const { issuedRef } = await request(handle);
      await goTo(24 * HOUR - 60);
      expect(await state()).toMatchObject({ phase: 'WAIT_NOTIFICATION', issuedCount: 1 });
      expect(closed).toEqual([]);
      expect(await handle.result()).toEqual({ outcome: 'issued_unacknowledged', issuedCount: 1 });
      expect(Math.abs((await secondsTaken()) - 24 * HOUR)).toBeLessThan(30);
      expect(closed).toMatchObject([{ sessionId: input.sessionId, outcome: 'issued_unacknowledged', ledgerIds: [issuedRef] }]);
    }));

  it('can be confirmed until then, long after its token', () =>
    run({}, async ({ handle, redeem, goTo, secondsTaken }) => {
      await redeem();
      await request(handle);
      await goTo(10 * HOUR);
      await accept(handle);
      expect(await handle.result()).toEqual({ outcome: 'accepted', issuedCount: 1 });
      expect(await secondsTaken()).toBeLessThan(11 * HOUR);
    }));

  it('that is confirmed leaves the second one of the offer the life of the token', () =>
    run({ input: TWO }, async ({ handle, redeem, closed, secondsTaken }) => {
      await redeem();
      await request(handle);
      await accept(handle);
      expect(await handle.result()).toEqual({ outcome: 'accepted', issuedCount: 1 });
      expect(Math.abs((await secondsTaken()) - 300)).toBeLessThan(5);
      expect(closed[0]?.ledgerIds).toHaveLength(1);
    }));
});

describe('wrong transaction codes', () => {
  const input = { transactionCodeHash: 'right' };

  it('TOK-14 end the offer at the third, also when sent at once, and the right one comes too late', () =>
    run({ input }, async ({ handle, redeem }) => {
      const guesses = ['1', '2', '3', '4', '5'].map((transactionCodeHash) => refusalOf(redeem({ transactionCodeHash })));
      const refusals = await Promise.all(guesses);
      expect(refusals.filter((refusal) => refusal === 'invalid_grant').length).toBeGreaterThanOrEqual(3);
      // A guess may come when all is over.
      expect(refusals.filter((refusal) => refusal !== 'invalid_grant' && refusal !== 'gone')).toEqual([]);
      expect(await handle.result()).toEqual({ outcome: 'code_attempts_exceeded', issuedCount: 0 });
      expect(await refusalOf(redeem({ transactionCodeHash: 'right' }))).toBe('gone');
    }));

  it('TOK-11 two of them leave room for the right one', () =>
    run({ input }, async ({ redeem, state }) => {
      for (const transactionCodeHash of ['1', '2']) {
        expect(await refusalOf(redeem({ transactionCodeHash }))).toBe('invalid_grant');
      }
      expect(await state()).toMatchObject({ phase: 'OFFERED', wrongTransactionCodes: 2 });
      await redeem({ transactionCodeHash: 'right' });
      expect(await state()).toMatchObject({ phase: 'WAIT_REQUEST' });
    }));

  it('count anew for no one: as many as the deployment allows', () =>
    run({ input: { ...input, transactionCodeAttempts: 1 } }, async ({ handle, redeem }) => {
      expect(await refusalOf(redeem({ transactionCodeHash: '1' }))).toBe('invalid_grant');
      expect(await handle.result()).toMatchObject({ outcome: 'code_attempts_exceeded' });
    }));
});

describe('a withdrawal', () => {
  it('before redemption ends the offer at once', () =>
    run({}, async ({ handle, redeem, secondsTaken }) => {
      await handle.executeUpdate(withdraw);
      expect(await handle.result()).toEqual({ outcome: 'withdrawn', issuedCount: 0 });
      expect(await secondsTaken()).toBeLessThan(300);
      expect(await refusalOf(redeem())).toBe('gone');
    }));

  it('after redemption makes the token worthless', () =>
    run({}, async ({ handle, redeem }) => {
      await redeem();
      await handle.executeUpdate(withdraw);
      expect(await handle.result()).toEqual({ outcome: 'withdrawn', issuedCount: 0 });
      expect(await refusalOf(request(handle))).toBe('gone');
    }));

  it('while a credential is made lets that one reach its wallet', async () => {
    let finish: () => void = () => undefined;
    const collecting = new Promise<void>((resolve) => (finish = resolve));
    const configurations = [{ id: CONFIGURATION, claimSourceId: 'source' }, { id: OTHER_CONFIGURATION }];
    await run(
      { input: { configurations }, activities: { collectClaims: () => collecting } },
      async ({ handle, redeem, state }) => {
        await redeem();
        const requested = request(handle);
        await expect.poll(async () => (await state()).phase).toBe('COLLECTING_CLAIMS');
        await handle.signal(withdrawal);
        expect(await refusalOf(request(handle, { requestId: 'another', configurationId: OTHER_CONFIGURATION }))).toBe(
          'session_closed',
        );
        finish();
        expect(await requested).toMatchObject({ issuedRef: expect.any(String) as string });
        expect(await state()).toMatchObject({ phase: 'WAIT_NOTIFICATION' });
      },
    );
  });

  it('after issuance changes nothing: the credential is out', () =>
    run({}, async ({ handle, redeem }) => {
      await redeem();
      await request(handle);
      await handle.signal(withdrawal);
      await accept(handle);
      expect(await handle.result()).toEqual({ outcome: 'accepted', issuedCount: 1 });
    }));
});

describe('a redemption at the very end of an offer', () => {
  it.each([-60, -20, 0, 10, 30])('%i ms from it: is granted and holds, or is refused and the offer has expired', (milliseconds) =>
    run({ expiresIn: 0.5 }, async ({ handle, redeem, input, now }) => {
      // The clock runs as any other while nobody waits for a result.
      await pause(Math.max(0, input.expiresAt - (await now()) + milliseconds));
      const refused = await refusalOf(redeem());
      if (refused === undefined) {
        await request(handle);
        await accept(handle);
        expect(await handle.result()).toEqual({ outcome: 'accepted', issuedCount: 1 });
      } else {
        expect(['gone', 'invalid_grant']).toContain(refused);
        expect(await handle.result()).toEqual({ outcome: 'expired', issuedCount: 0 });
      }
    }),
  );

  it('TOK-11 OFR-06 is refused when it comes after it, though before the workflow could do anything', () =>
    run({ expiresIn: -1, redeemsAtStart: true }, async ({ handle, firstRedemption = Promise.resolve() }) => {
      expect(await refusalOf(firstRedemption)).toBe('invalid_grant');
      expect(await handle.result()).toEqual({ outcome: 'expired', issuedCount: 0 });
    }));

  it('is granted when it comes before it, as the first that the workflow hears of', () =>
    run({ redeemsAtStart: true }, async ({ firstRedemption, state }) => {
      expect(await firstRedemption).toEqual({ configurationIds: [CONFIGURATION] });
      expect(await state()).toMatchObject({ phase: 'WAIT_REQUEST' });
    }));
});
