import { MongoClient, MongoServerError, type Collection } from 'mongodb';
import type * as documents from './documents.js';

/** The collections of one database. */
export interface Database {
  readonly issuers: Collection<documents.IssuerDocument>;
  readonly clients: Collection<documents.ClientDocument>;
  readonly signingKeys: Collection<documents.SigningKeyDocument>;
  readonly credentialConfigurations: Collection<documents.CredentialConfigurationDocument>;
  readonly claimSources: Collection<documents.ClaimSourceDocument>;
  readonly reservations: Collection<documents.ReservationDocument>;
  readonly issuances: Collection<documents.IssuanceDocument>;
  readonly issuedCredentials: Collection<documents.IssuedCredentialsDocument>;
  readonly users: Collection<documents.UserDocument>;
  readonly spent: Collection<documents.SpentDocument>;
  readonly tokenDeliveries: Collection<documents.TokenDeliveryDocument>;
  readonly apiInstances: Collection<documents.ApiInstanceDocument>;
  readonly events: Collection<documents.EventDocument>;
  /** Resolves when the server answers; rejects within the server selection timeout otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database lazily: the first operation connects, and an operation on a server that is away fails after
 * `timeoutMs` (milliseconds) rather than waiting.
 */
export function openDatabase({ uri, name, timeoutMs = 5000 }: { uri: string; name: string; timeoutMs?: number }): Database {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    socketTimeoutMS: 2 * timeoutMs,
    maxPoolSize: 32,
    retryWrites: true,
    ignoreUndefined: true,
    writeConcern: { w: 'majority', journal: true },
  });
  const db = client.db(name);
  return {
    issuers: db.collection('issuers'),
    clients: db.collection('clients'),
    signingKeys: db.collection('signing_keys'),
    credentialConfigurations: db.collection('credential_configurations'),
    claimSources: db.collection('claim_sources'),
    reservations: db.collection('reservations'),
    issuances: db.collection('issuances'),
    issuedCredentials: db.collection('issued_credentials'),
    users: db.collection('users'),
    spent: db.collection('spent'),
    tokenDeliveries: db.collection('token_deliveries'),
    apiInstances: db.collection('api_instances'),
    events: db.collection('events'),
    ping: async () => {
      await db.command({ ping: 1 });
    },
    close: () => client.close(),
  };
}

/** Makes the indexes; safe to repeat. TTL indexes only tidy up: expiry is checked at use. */
export async function ensureIndexes(db: Database): Promise<void> {
  await db.issuances.createIndex({ issuerId: 1, createdAt: -1, _id: -1 });
  await db.issuedCredentials.createIndex({ issuerId: 1, userId: 1, issuedAt: -1 });
  await db.events.createIndex({ issuerId: 1, timestamp: -1, _id: -1 });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- no replacement that this driver's types would take
  await db.spent.createIndex({ expireAt: 1 }, { expireAfterSeconds: 0 });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- likewise
  await db.tokenDeliveries.createIndex({ expireAt: 1 }, { expireAfterSeconds: 0 });
}

/** True for the error of inserting an `_id` that exists: somebody already did it. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000;
}
