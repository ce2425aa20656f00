import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient, MongoServerError, type Collection } from 'mongodb';
import type * as configuration from './configuration-documents.js';
import type * as documents from './documents.js';
import type * as identity from './identity-documents.js';
import type * as status from './status-documents.js';

const RECONNECT_AFTER_MS = 500;

/** The collections of one database. */
export interface Database {
  readonly issuers: Collection<documents.IssuerDocument>;
  readonly clients: Collection<documents.ClientDocument>;
  readonly signingKeys: Collection<documents.SigningKeyDocument>;
  readonly credentialConfigurations: Collection<configuration.CredentialConfigurationDocument>;
  readonly jsonLdContexts: Collection<identity.JsonLdContextDocument>;
  readonly iacas: Collection<identity.IacaDocument>;
  readonly certificateSigners: Collection<identity.CertificateSignerDocument>;
  readonly dids: Collection<identity.DidRecordDocument>;
  readonly statusListConfigurations: Collection<status.StatusListConfigurationDocument>;
  readonly statusLists: Collection<status.StatusListDocument>;
  readonly statusEntries: Collection<status.StatusEntryDocument>;
  readonly publishedStatusLists: Collection<status.PublishedStatusListDocument>;
  readonly claimSources: Collection<documents.ClaimSourceDocument>;
  readonly authenticationProviders: Collection<documents.AuthenticationProviderDocument>;
  readonly walletClients: Collection<documents.WalletClientDocument>;
  readonly offers: Collection<documents.OfferDocument>;
  readonly offerClaims: Collection<documents.OfferClaimDocument>;
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
 * Opens the database and connects in the background, for as long as it takes. An operation on a server that is away
 * fails after `timeoutMs` (milliseconds) rather than waiting.
 *
 * @param options.onConnectFailure told of every attempt to make the first connection that fails
 */
export function openDatabase({
  uri,
  name,
  timeoutMs = 5000,
  onConnectFailure = () => undefined,
}: {
  uri: string;
  name: string;
  timeoutMs?: number;
  onConnectFailure?: (error: unknown) => void;
}): Database {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    socketTimeoutMS: 2 * timeoutMs,
    maxPoolSize: 32,
    ignoreUndefined: true,
    writeConcern: { w: 'majority', journal: true },
  });
  const connecting = new AbortController();
  void untilConnected(client, { signal: connecting.signal, onConnectFailure });
  const db = client.db(name);
  return {
    issuers: db.collection('issuers'),
    clients: db.collection('clients'),
    signingKeys: db.collection('signing_keys'),
    credentialConfigurations: db.collection('credential_configurations'),
    jsonLdContexts: db.collection('json_ld_contexts'),
    iacas: db.collection('iacas'),
    certificateSigners: db.collection('certificate_signers'),
    dids: db.collection('dids'),
    statusListConfigurations: db.collection('status_list_configurations'),
    statusLists: db.collection('status_lists'),
    statusEntries: db.collection('status_entries'),
    publishedStatusLists: db.collection('published_status_lists'),
    claimSources: db.collection('claim_sources'),
    authenticationProviders: db.collection('authentication_providers'),
    walletClients: db.collection('wallet_clients'),
    offers: db.collection('offers'),
    offerClaims: db.collection('offer_claims'),
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
    close: () => {
      connecting.abort();
      return client.close();
    },
  };
}

/** A client whose first connection fails is closed for good, unless it is told to connect again. Connected once, it needs no help. */
async function untilConnected(
  client: MongoClient,
  { signal, onConnectFailure }: { signal: AbortSignal; onConnectFailure: (error: unknown) => void },
): Promise<void> {
  while (!signal.aborted) {
    try {
      await client.connect();
      return;
    } catch (error) {
      onConnectFailure(error);
      await delay(RECONNECT_AFTER_MS, undefined, { ref: false });
    }
  }
}

/** Makes the indexes; safe to repeat. TTL indexes only tidy up: expiry is checked at use. */
export async function ensureIndexes(db: Database): Promise<void> {
  await db.issuances.createIndex({ issuerId: 1, createdAt: -1, _id: -1 });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- no replacement that this driver's types would take
  await db.issuances.createIndex(
    { issuerId: 1, offerId: 1, _id: 1 },
    { partialFilterExpression: { offerId: { $exists: true } } },
  );
  await db.issuedCredentials.createIndex({ issuerId: 1, userId: 1, issuedAt: 1 });
  await db.issuedCredentials.createIndex({ issuerId: 1, credentialId: 1 });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- likewise
  await db.issuedCredentials.createIndex(
    { issuerId: 1, sessionId: 1 },
    { partialFilterExpression: { statusPolicy: { $exists: true } } },
  );
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- likewise
  await db.issuedCredentials.createIndex(
    { issuerId: 1, issuedAt: 1, credentialId: 1 },
    { partialFilterExpression: { profile: 'web-semantic' } },
  );
  await db.statusLists.createIndex({ issuerId: 1, pool: 1, sequence: -1 });
  // Only of what was changed: taking an entry costs no more for it.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- likewise
  await db.statusEntries.createIndex({ issuerId: 1, listId: 1, status: 1 }, { partialFilterExpression: { status: { $gt: 0 } } });
  await db.users.createIndex({ issuerId: 1, createdAt: 1, _id: 1 });
  await db.walletClients.createIndex({ issuerId: 1, recordId: 1 });
  await db.offers.createIndex({ issuerId: 1, createdAt: -1, _id: -1 });
  await db.offerClaims.createIndex({ issuerId: 1, offerId: 1 });
  await db.events.createIndex({ issuerId: 1, timestamp: -1, _id: -1 });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- likewise
  await db.spent.createIndex({ expireAt: 1 }, { expireAfterSeconds: 0 });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- likewise
  await db.tokenDeliveries.createIndex({ expireAt: 1 }, { expireAfterSeconds: 0 });
}

/** True for the error of inserting an `_id` that exists: somebody already did it. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000;
}
