import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { givePlaceBack, takePlace } from '../../store/offer-claims.js';
import { useSharedSystem } from '../harness/use-system.js';

const system = useSharedSystem();

/** An offer of its own with so many places. */
function offerOf(maximumClaims: number) {
  const { db } = system();
  const offer = { db, issuerId: 'default', offerId: randomUUID() };
  return {
    take: (sessionId: string, more = {}) => takePlace({ ...offer, sessionId, maximumClaims, ...more }),
    giveBack: (sessionId: string) => givePlaceBack({ ...offer, sessionId }),
    holders: async () =>
      (await db.offerClaims.find({ issuerId: offer.issuerId, offerId: offer.offerId }).toArray())
        .map(({ sessionId }) => sessionId)
        .sort(),
    ...offer,
  };
}

const sessions = (count: number) => Array.from({ length: count }, (_, index) => `session-${index}`);

describe('the places of an offer', () => {
  it('are all taken and none twice, when 50 sessions ask for 20 at once', async () => {
    const { take, holders } = offerOf(20);
    const asked = sessions(50);
    const taken = await Promise.all(asked.map((session) => take(session)));
    expect(taken.filter((has) => has)).toHaveLength(20);
    expect(await holders()).toEqual(asked.filter((_, index) => taken[index]).sort());
    expect(await take('too-late')).toBe(false);
  });

  it('are all taken also when every session tries the same one first', async () => {
    const { take, holders } = offerOf(10);
    const taken = await Promise.all(sessions(25).map((session) => take(session, { random: () => 0 })));
    expect(taken.filter((has) => has)).toHaveLength(10);
    expect(await holders()).toHaveLength(10);
  });

  it('are kept by the session that has one, whether or not there are more', async () => {
    const { take, holders } = offerOf(2);
    expect([await take('a'), await take('a'), await take('b'), await take('a'), await take('c')]).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(await holders()).toEqual(['a', 'b']);
  });

  it('go one to a session that asks ten times at once', async () => {
    const { take, holders } = offerOf(20);
    const taken = await Promise.all(Array.from({ length: 10 }, () => take('a')));
    expect(taken).toEqual(Array.from({ length: 10 }, () => true));
    expect(await holders()).toEqual(['a']);
  });

  it('are free again when they are given back, once and by their session alone', async () => {
    const { take, giveBack, holders } = offerOf(1);
    expect(await take('a')).toBe(true);
    await giveBack('b');
    expect(await take('b')).toBe(false);
    await giveBack('a');
    await giveBack('a');
    expect(await take('b')).toBe(true);
    expect(await holders()).toEqual(['b']);
  });

  it('are no more than the maximum while sessions take and give back', async () => {
    const { take, giveBack, holders } = offerOf(5);
    const most: number[] = [];
    await Promise.all(
      sessions(30).map(async (session) => {
        if (!(await take(session))) return;
        most.push((await holders()).length);
        await giveBack(session);
      }),
    );
    expect(Math.max(...most)).toBeLessThanOrEqual(5);
    expect(await holders()).toEqual([]);
  });

  it("are one offer's and one issuer's alone", async () => {
    const { take, db, offerId } = offerOf(1);
    expect(await take('a')).toBe(true);
    expect(await offerOf(1).take('a')).toBe(true);
    expect(await takePlace({ db, issuerId: 'another', offerId, sessionId: 'b', maximumClaims: 1 })).toBe(true);
    expect(await take('b')).toBe(false);
  });
});
