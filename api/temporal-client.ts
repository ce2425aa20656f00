import { Client, Connection, isRetryableError, makeGrpcRetryInterceptor, type GrpcRetryOptions } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { Config } from '../config/config.js';
import { temporalConnection } from '../config/temporal-connection.js';
import { UnavailableError } from './http/errors.js';
import { translate } from './temporal-errors.js';

const UPDATE_DEADLINE_MS = 2500;
const SIGNAL_DEADLINE_MS = 3000;

/** Temporal may be away for long, and is found again within seconds of its return: gRPC's own pauses grow to two minutes. */
const RECONNECTION = { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 2000 };

/** Retries go on until the call's deadline, and with pauses so short that none outlasts it by much. */
const RETRIES: GrpcRetryOptions = {
  retryableDecider: (attempt, status) => attempt < 100 && isRetryableError(status),
  delayFunction: (attempt) => Math.min(50 * 2 ** attempt, 500) * (0.8 + 0.4 * Math.random()),
};

/** The one connection to Temporal, and how everything is called over it. */
export interface TemporalClient {
  readonly client: Client;
  /** Makes the call with a deadline; its failure comes out as what endpoints know (api/issuance-client.ts). */
  readonly within: <T>(milliseconds: number, call: () => Promise<T>) => Promise<T>;
  /** Makes an update, or leaves a signal of the same meaning where no worker answers: that is durable at once. */
  readonly updateOrSignal: (update: () => Promise<unknown>, signal: () => Promise<void>) => Promise<void>;
  close(): Promise<void>;
}

/** Connects to Temporal lazily: the API starts, and says so on `/readyz`, while Temporal is away. */
export function connectTemporal({ config, dataConverter }: { config: Config; dataConverter: DataConverter }): TemporalClient {
  const connection = Connection.lazy({
    ...temporalConnection(config),
    connectTimeout: 3000,
    channelArgs: RECONNECTION,
    interceptors: [makeGrpcRetryInterceptor(RETRIES)],
  });
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE, dataConverter });
  const within = <T>(milliseconds: number, call: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + milliseconds, call).catch((error: unknown) => {
      throw translate(error);
    });
  return {
    client,
    within,
    // An update costs Temporal a third of what a signal does, and a signal waits where no worker answers.
    async updateOrSignal(update, signal) {
      try {
        await within(UPDATE_DEADLINE_MS, update);
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        await within(SIGNAL_DEADLINE_MS, signal);
      }
    },
    close: () => connection.close(),
  };
}
