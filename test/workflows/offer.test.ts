import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { pauseOffer, resumeOffer, revokeOffer, revokeOfferSignal } from '../../workflows/offer-messages.js';
import { ISSUANCE_OUTCOME, ISSUANCE_PHASE } from '../../workflows/search-attributes.js';
import { failing } from './scenarios.js';
import { useTimedOffers, type TimedOffer } from './offer-time-skipping.js';

const run = useTimedOffers();
const DAY = 86_400;
const NINE_YEARS = 9 * 365 * DAY;

/** The type of refusal a message met; `gone` where the offer was over. */
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

async function told({ handle }: TimedOffer) {
  const { typedSearchAttributes } = await handle.describe();
  return [typedSearchAttributes.get(ISSUANCE_PHASE), typedSearchAttributes.get(ISSUANCE_OUTCOME)];
}

describe('a reusable offer', () => {
  it('is there up to its end, and expired then: sessions under way go on', () =>
    run({ expiresIn: 30 * DAY }, async (offer) => {
      await offer.goTo(30 * DAY - 60);
      expect(offer.done).toEqual([]);
      expect(await offer.handle.result()).toEqual({ state: 'expired' });
      expect(Math.abs((await offer.secondsTaken()) - 30 * DAY)).toBeLessThan(5);
      expect(offer.done).toEqual(['state expired']);
      expect(await told(offer)).toEqual(['CLOSED', 'expired']);
      expect(await refusalOf(offer.handle.executeUpdate(pauseOffer))).toBe('gone');
    }));

  // The test server ends any workflow after ten years.
  it('can last for years', () =>
    run({ expiresIn: NINE_YEARS }, async ({ handle, secondsTaken }) => {
      expect(await handle.result()).toEqual({ state: 'expired' });
      expect(Math.abs((await secondsTaken()) - NINE_YEARS)).toBeLessThan(5);
    }));

  it('without an end waits for as long as nobody revokes it', () =>
    run({}, async ({ handle, goTo, done }) => {
      await goTo(NINE_YEARS);
      expect((await handle.describe()).status.name).toBe('RUNNING');
      await handle.executeUpdate(revokeOffer);
      expect(await handle.result()).toEqual({ state: 'revoked' });
      expect(done).toEqual(['state revoked', 'end sessions']);
    }));

  it('whose end is past when it starts is expired at once', () =>
    run({ expiresIn: -5 }, async ({ handle, done }) => {
      expect(await handle.result()).toEqual({ state: 'expired' });
      expect(done).toEqual(['state expired']);
    }));

  it('expires while it is paused', () =>
    run({ expiresIn: DAY }, async ({ handle, done }) => {
      await handle.executeUpdate(pauseOffer);
      expect(await handle.result()).toEqual({ state: 'expired' });
      expect(done).toEqual(['state paused', 'state expired']);
    }));
});

describe('pausing and resuming', () => {
  it('are answered when the record says so, and shown to operators', () =>
    run({}, async (offer) => {
      await offer.handle.executeUpdate(pauseOffer);
      expect(offer.done).toEqual(['state paused']);
      expect(await told(offer)).toEqual(['PAUSED', undefined]);
      await offer.handle.executeUpdate(resumeOffer);
      expect(offer.done).toEqual(['state paused', 'state active']);
      expect(await told(offer)).toEqual(['OPEN', undefined]);
    }));

  it('wait for a database that is away', () =>
    run({ activities: { setOfferState: failing(4, 'MongoNetworkError') } }, async ({ handle, done }) => {
      await handle.executeUpdate(pauseOffer);
      expect(done).toEqual(['state paused']);
    }));

  it('take effect in the order they came in, also where the first one takes long', async () => {
    let finish: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (finish = resolve));
    const slow = { setOfferState: ({ state }: { state: string }) => (state === 'paused' ? first : Promise.resolve()) };
    await run({ activities: slow }, async ({ handle, done }) => {
      const pausing = await handle.startUpdate(pauseOffer, { waitForStage: 'ACCEPTED' });
      const resuming = await handle.startUpdate(resumeOffer, { waitForStage: 'ACCEPTED' });
      finish();
      await Promise.all([pausing.result(), resuming.result()]);
      expect(done).toEqual(['state paused', 'state active']);
    });
  });

  it('of an offer that was paused when its workflow was lost goes on from there', () =>
    run({ input: { state: 'paused' } }, async (offer) => {
      await offer.handle.executeUpdate(resumeOffer);
      expect(await told(offer)).toEqual(['OPEN', undefined]);
    }));
});

describe('revocation', () => {
  it('writes the state first, then ends the open sessions, by update and by signal alike', async () => {
    for (const revoke of [
      ({ handle }: TimedOffer) => handle.executeUpdate(revokeOffer),
      ({ handle }: TimedOffer) => handle.signal(revokeOfferSignal),
    ])
      await run({ expiresIn: DAY }, async (offer) => {
        await revoke(offer);
        expect(await offer.handle.result()).toEqual({ state: 'revoked' });
        expect(offer.done).toEqual(['state revoked', 'end sessions']);
        expect(await told(offer)).toEqual(['CLOSED', 'revoked']);
        expect(await offer.secondsTaken()).toBeLessThan(DAY);
      });
  });

  it('is answered before the sessions have ended, and done once however often it is asked for', async () => {
    let finish: () => void = () => undefined;
    const ending = new Promise<void>((resolve) => (finish = resolve));
    await run({ activities: { endOfferSessions: () => ending } }, async ({ handle, done }) => {
      await handle.executeUpdate(revokeOffer);
      expect(done).toEqual(['state revoked']);
      await handle.signal(revokeOfferSignal);
      for (const update of [revokeOffer, pauseOffer, resumeOffer])
        expect(await refusalOf(handle.executeUpdate<unknown, []>(update))).toBe('offer_over');
      finish();
      expect(await handle.result()).toEqual({ state: 'revoked' });
      expect(done).toEqual(['state revoked', 'end sessions']);
    });
  });

  it('that comes while a pause is written is done after it', () =>
    run({ activities: { setOfferState: failing(2, 'MongoNetworkError') } }, async ({ handle, done }) => {
      const [paused, revoked] = [handle.executeUpdate(pauseOffer), handle.executeUpdate(revokeOffer)];
      await Promise.all([paused.catch(() => undefined), revoked]);
      expect(await handle.result()).toEqual({ state: 'revoked' });
      expect(done.slice(-2)).toEqual(['state revoked', 'end sessions']);
    }));

  it('goes on until the sessions have ended, whatever fails', () =>
    run({ activities: { endOfferSessions: failing(5, 'ServiceError') } }, async ({ handle, done }) => {
      await handle.executeUpdate(revokeOffer);
      expect(await handle.result()).toEqual({ state: 'revoked' });
      expect(done).toEqual(['state revoked', 'end sessions']);
    }));

  it('is what a cancellation in Temporal UI means', () =>
    run({ expiresIn: DAY }, async ({ handle, done }) => {
      await handle.cancel();
      expect(await handle.result()).toEqual({ state: 'revoked' });
      expect(done).toEqual(['state revoked', 'end sessions']);
    }));
});
