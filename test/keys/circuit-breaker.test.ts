import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CircuitBreaker } from '../../keys/circuit-breaker.js';
import { SignerError } from '../../keys/signer.js';

const OUTAGE = new Error('no answer');
const REFUSAL = new SignerError('no such key', { retryable: true });

let now: number;
let breaker: CircuitBreaker;
let changes: boolean[];
beforeEach(() => {
  now = 1000;
  changes = [];
  breaker = new CircuitBreaker({
    name: 'the store',
    failuresToOpen: 3,
    openMs: 5000,
    isOutage: (error) => error === OUTAGE,
    onChange: (isOpen) => changes.push(isOpen),
    now: () => now,
  });
});

const fails = (error: Error = OUTAGE) => expect(breaker.run(() => Promise.reject(error))).rejects.toBe(error);
const answers = () => expect(breaker.run(() => Promise.resolve('signature'))).resolves.toBe('signature');

async function refusesWithoutCalling(): Promise<void> {
  const call = vi.fn(() => Promise.resolve());
  await expect(breaker.run(call)).rejects.toMatchObject({ name: 'SignerError', retryable: true });
  expect(() => breaker.check()).toThrow('the store is out of service');
  expect(call).not.toHaveBeenCalled();
}

async function open(): Promise<void> {
  for (let failure = 0; failure < 3; failure += 1) await fails();
}

/** A call that ends when it is told to. */
function underWay() {
  let resolve: (signature: string) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const result = breaker.run(() => new Promise<string>((...ends) => ([resolve, reject] = ends)));
  result.catch(() => undefined);
  return { result, resolve, reject };
}

describe('a circuit breaker', () => {
  it('lets everything through as long as answers come', async () => {
    for (let call = 0; call < 10; call += 1) await answers();
    expect(changes).toEqual([]);
  });

  it('opens after so many outages in a row, and says so once', async () => {
    await open();
    await refusesWithoutCalling();
    expect(changes).toEqual([true]);
  });

  it.each([
    ['an answer', () => answers()],
    ['a refusal, which is an answer as well', () => fails(REFUSAL)],
  ])('begins to count anew after %s', async (_what, answered) => {
    await fails();
    await fails();
    await answered();
    await fails();
    await fails();
    await answers();
  });

  it('lets one call through after a while, and closes when that is answered', async () => {
    await open();
    now += 4999;
    await refusesWithoutCalling();
    now += 1;
    const probe = underWay();
    await refusesWithoutCalling();
    probe.resolve('signature');
    await probe.result;
    await answers();
    expect(changes).toEqual([true, false]);
  });

  it('closes when that is refused: the store is there', async () => {
    await open();
    now += 5000;
    await fails(REFUSAL);
    await answers();
  });

  it('stays open for as long again where that fails, without saying so again', async () => {
    await open();
    now += 5000;
    await fails();
    now += 4999;
    await refusesWithoutCalling();
    now += 1;
    await answers();
    expect(changes).toEqual([true, false]);
  });

  it('is not kept open by calls that were under way when it opened', async () => {
    const late = underWay();
    await open();
    now += 4000;
    late.reject(OUTAGE);
    await expect(late.result).rejects.toBe(OUTAGE);
    now += 1000;
    await answers();
  });

  it('closes when a call that was under way is answered after all', async () => {
    const late = underWay();
    await open();
    late.resolve('signature');
    await late.result;
    await answers();
  });
});
