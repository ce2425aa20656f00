import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { isDuplicateKey } from '../../../store/database.js';
import type { WalletClientDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { uuidParameter } from '../record-id.js';
import { readBody } from '../validation.js';
import { requireWalletClient, toDocument, toView } from './wallet-client-record.js';
import { secretFor, type WalletClientSecret } from './wallet-client-secret.js';
import {
  walletClientReplacementSchema,
  walletClientRequestSchema,
  type WalletClientReplacement,
} from './wallet-client.schema.js';

const MOST_ATTEMPTS = 5;

/** `POST /v1/oauth/clients`: registers a wallet. The answer holds its secret, where it gets one. */
export async function createWalletClient(context: ApiContext, request: Request, response: Response): Promise<void> {
  const body = await readBody(request, walletClientRequestSchema, context);
  const recordId = randomUUID();
  note(response, recordId);
  const { clientSecret, secretHash } = await secretFor(body.tokenEndpointAuthMethod);
  const createdAt = new Date(context.now());
  const { clientId = randomUUID() } = body;
  const client = toDocument(body, { recordId, clientId, secretHash, createdAt, updatedAt: createdAt });
  await insert(context, client);
  await context.directory.changed(DEFAULT_ISSUER_ID);
  response.status(201).json({ ...toView(client), ...(clientSecret === undefined ? {} : { clientSecret }) });
}

/** `PUT /v1/oauth/clients/{id}`: full replacement. The secret stays, unless a new one is asked for or needed. */
export async function replaceWalletClient(context: ApiContext, request: Request, response: Response): Promise<void> {
  const recordId = uuidParameter(request);
  note(response, recordId);
  const body = await readBody(request, walletClientReplacementSchema, context);
  const { client, clientSecret } = await replace(context, { recordId, body });
  await context.directory.changed(DEFAULT_ISSUER_ID);
  response.json({ ...toView(client), ...(clientSecret === undefined ? {} : { clientSecret }) });
}

/** `DELETE /v1/oauth/clients/{id}`: from then on the wallet is one that nobody registered. */
export async function deleteWalletClient(context: ApiContext, request: Request, response: Response): Promise<void> {
  const recordId = uuidParameter(request);
  note(response, recordId);
  const { _id } = await requireWalletClient(context, recordId);
  await context.db.walletClients.deleteOne({ _id, issuerId: DEFAULT_ISSUER_ID, recordId });
  await context.directory.changed(DEFAULT_ISSUER_ID);
  response.status(204).end();
}

/** @throws {ManagementError} 409 when another client has the id */
async function insert({ db }: ApiContext, client: WalletClientDocument): Promise<void> {
  try {
    await db.walletClients.insertOne(client);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new ManagementError('Conflict', 'Another client has this clientId', { status: 409 });
  }
}

interface Replacement {
  readonly recordId: string;
  readonly body: WalletClientReplacement;
}

/** Guarded by the secret it read: of two replacements at once none may bring back a secret that the other ended. */
async function replace(
  context: ApiContext,
  { recordId, body }: Replacement,
): Promise<{ client: WalletClientDocument; clientSecret: WalletClientSecret['clientSecret'] }> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const current = await requireWalletClient(context, recordId);
    const { _id, issuerId, clientId, createdAt } = current;
    requireSameClientId(body, clientId);
    const { clientSecret, secretHash } = await secretFor(body.tokenEndpointAuthMethod, {
      current: current.secretHash,
      rotate: body.rotateSecret,
    });
    const client = toDocument(body, { recordId, clientId, secretHash, createdAt, updatedAt: new Date(context.now()) });
    const unchanged = { secretHash: current.secretHash ?? { $exists: false } };
    const { matchedCount } = await context.db.walletClients.replaceOne({ _id, issuerId, recordId, ...unchanged }, client);
    if (matchedCount === 1) return { client, clientSecret };
  }
  throw new ManagementError('Conflict', 'The client is being changed by other requests; try again', {
    status: 409,
    retryAfter: 1,
  });
}

function requireSameClientId({ clientId }: WalletClientReplacement, current: string): void {
  if (clientId === undefined || clientId === current) return;
  const msg = 'cannot be changed; register the wallet as another client';
  throw ManagementError.validation([{ msg, param: 'clientId', location: 'body' }]);
}

function note(response: Response, walletClientId: string): void {
  (response.locals as EventLocals).eventData = { walletClientId };
}
