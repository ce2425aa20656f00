import { UnavailableError } from './http/errors.js';
import { IssuanceNotFound, IssuanceRefusal, type IssuanceClient } from './issuance-client.js';

/** How a call to Temporal ended: `refused` by the workflow, `unavailable` where it was not answered in time. */
export type CallResult = 'ok' | 'refused' | 'not_found' | 'unavailable' | 'failed';

/** Hears of each call: its name (`redeemToken`), how it ended, and how long it took in seconds. */
export type ObserveCall = (call: string, result: CallResult, seconds: number) => void;

/** The same client, whose calls are measured. */
export function measuredIssuanceClient<Client extends IssuanceClient>(client: Client, observe: ObserveCall): Client {
  return new Proxy(client, {
    get: (target, name, receiver) => {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function' || typeof name !== 'string') return method;
      return async (...args: unknown[]): Promise<unknown> => {
        const started = performance.now();
        const note = (result: CallResult) => observe(name, result, (performance.now() - started) / 1000);
        try {
          const answer: unknown = await Reflect.apply(method, target, args);
          note('ok');
          return answer;
        } catch (error) {
          note(resultOf(error));
          throw error;
        }
      };
    },
  });
}

function resultOf(error: unknown): CallResult {
  if (error instanceof IssuanceRefusal) return 'refused';
  if (error instanceof IssuanceNotFound) return 'not_found';
  return error instanceof UnavailableError ? 'unavailable' : 'failed';
}
