import { Client, Connection } from '@temporalio/client';
import { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { openDatabase, type Database } from '../../store/database.js';
import { createDataConverter } from '../../worker/data-converter.js';

/** Where a running system is, and the way in. Plain data: it travels between test processes. */
export interface SystemAddress {
  /** The issuer's public URL; the API answers there. */
  readonly url: string;
  readonly workerUrl: string;
  /** Credentials of the management API. */
  readonly admin: { readonly clientId: string; readonly clientSecret: string };
  /** The key-encryption key, base64url. */
  readonly masterKey: string;
  readonly mongoUri: string;
  readonly databaseName: string;
  readonly temporalAddress: string;
  readonly temporalUiUrl: string;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Holds `temporal/`, `mongodb/` and `logs/`. */
  readonly folder: string;
}

/** Clients for assertions behind the API's back. */
export interface Connections {
  readonly db: Database;
  /** Decodes payloads with the system's own key. */
  readonly temporal: Client;
  disconnect(): Promise<void>;
}

export function connectTo(address: SystemAddress): Connections {
  const db = openDatabase({ uri: address.mongoUri, name: address.databaseName });
  const connection = Connection.lazy({ address: address.temporalAddress });
  const ring = new KeyEncryptionRing([new Uint8Array(Buffer.from(address.masterKey, 'base64url'))]);
  return {
    db,
    temporal: new Client({ connection, namespace: address.namespace, dataConverter: createDataConverter(ring) }),
    disconnect: async () => {
      await Promise.all([db.close(), connection.close()]);
    },
  };
}
