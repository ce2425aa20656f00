import type { Environment } from '../../scripts/engines/managed-process.js';
import type { SystemAddress } from './connections.js';

/** The environment of config/config.ts for a system; everything a developer may have set for themselves is taken out. */
export function environmentFor(address: SystemAddress): Environment {
  const port = new URL(address.url).port;
  return {
    ...Object.fromEntries(
      Object.keys(process.env)
        .filter(isSetting)
        .map((name) => [name, undefined]),
    ),
    NODE_ENV: 'test',
    NODE_OPTIONS: undefined,
    VITEST: undefined,
    LOG_LEVEL: 'debug',
    HOST: '127.0.0.1',
    PORT: port,
    WORKER_PORT: new URL(address.workerUrl).port,
    PUBLIC_URL: address.url,
    DATA_DIR: address.folder,
    MASTER_KEY: address.masterKey,
    ADMIN_CLIENT_ID: address.admin.clientId,
    ADMIN_CLIENT_SECRET: address.admin.clientSecret,
    MONGODB_URI: address.mongoUri,
    MONGODB_DATABASE: address.databaseName,
    TEMPORAL_ADDRESS: address.temporalAddress,
    TEMPORAL_NAMESPACE: address.namespace,
    TEMPORAL_TASK_QUEUE: address.taskQueue,
    TEMPORAL_UI_URL: address.temporalUiUrl,
    RATE_LIMIT_PER_MINUTE: '10000000',
  };
}

const SETTINGS =
  /^(PORT|HOST|PUBLIC_URL|TRUST_PROXY|ISSUER_.*|MASTER_KEY.*|ADMIN_CLIENT_.*|MONGODB_.*|TEMPORAL_.*|.*_SECONDS|.*_FILE|FAULT_POINT)$/;

function isSetting(name: string): boolean {
  return SETTINGS.test(name);
}
