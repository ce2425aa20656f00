import { CallLimits, PROCESS_CLOCK, type Clock } from './call-limits.js';
import { CircuitBreaker } from './circuit-breaker.js';
import type { KeyStore } from './key-store.js';
import { SignerError } from './signer.js';
import { KeyStoreError } from './stores/key-store-error.js';

export interface GuardOptions {
  /** Calls a second, of this process. */
  readonly perSecond: number;
  /** Calls at once, of this process. */
  readonly concurrency: number;
  /** Milliseconds that a call may wait for its turn. */
  readonly patienceMs: number;
  /** Told when the store goes out of service, and when it answers again. */
  readonly onOutage?: (isOut: boolean) => void;
  readonly clock?: Clock;
}

const LONGEST_QUEUE = 1000;

/** The store behind bounds: calls at once and a second, and none for a while when it is out of service. */
export function guardedKeyStore(store: KeyStore, options: GuardOptions): KeyStore {
  const { perSecond, concurrency, patienceMs, onOutage, clock = PROCESS_CLOCK } = options;
  const { name } = store;
  const breaker = new CircuitBreaker({
    name,
    now: () => clock.now(),
    isOutage: (error) => (error instanceof KeyStoreError ? error.storeIsDown : !(error instanceof SignerError)),
    ...(onOutage === undefined ? {} : { onChange: onOutage }),
  });
  const limits = new CallLimits({ name, concurrency, perSecond, queue: LONGEST_QUEUE, patienceMs, clock });
  const guarded = async <T>(call: () => Promise<T>): Promise<T> => {
    // Nobody queues up for a store that is out of service.
    breaker.check();
    return limits.run(() => breaker.run(call));
  };
  return {
    name,
    algorithms: store.algorithms,
    generate: (wanted) => guarded(() => store.generate(wanted)),
    signer: (key) => {
      const signer = store.signer(key);
      return Object.freeze({ ...signer, sign: (data: Uint8Array) => guarded(() => signer.sign(data)) });
    },
    close: () => store.close(),
  };
}
