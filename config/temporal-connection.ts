import type { Config } from './config.js';

/** Connection options that client and worker share. */
export interface TemporalConnectionOptions {
  readonly address: string;
  readonly tls?: true;
  readonly apiKey?: string;
}

/** Where Temporal is and how to log in there. */
export function temporalConnection(config: Config): TemporalConnectionOptions {
  return {
    address: config.TEMPORAL_ADDRESS,
    ...(config.TEMPORAL_TLS || config.TEMPORAL_API_KEY !== undefined ? { tls: true as const } : {}),
    ...(config.TEMPORAL_API_KEY === undefined ? {} : { apiKey: config.TEMPORAL_API_KEY }),
  };
}
