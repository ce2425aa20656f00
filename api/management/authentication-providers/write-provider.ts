import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { AuthenticationProviderDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError, UnavailableError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { uuidParameter } from '../record-id.js';
import { readBody } from '../validation.js';
import { chooseDefault, defaultProviderId, settleDefault } from './default-provider.js';
import type { DiscoveryCheck } from './discovery-check.js';
import { requireProvider, toDocument, toView } from './provider-record.js';
import { authenticationProviderRequestSchema, type AuthenticationProviderRequest } from './provider.schema.js';

type Handler = (request: Request, response: Response) => Promise<void>;

const MOST_ATTEMPTS = 10;

/** `POST /v1/users/authentication-providers`: the provider must be there and answer. */
export function createCreateProvider(context: ApiContext, checkDiscovery: DiscoveryCheck): Handler {
  const schema = authenticationProviderRequestSchema(context.config.OUTBOUND_ALLOWED_HOSTS);
  return async (request, response) => {
    const body = await readBody(request, schema, context);
    const provider = toDocument(context, { request: body, id: randomUUID() });
    noteProvider(response, provider._id);
    await checkDiscovery(body);
    await context.db.authenticationProviders.insertOne(provider);
    response.status(201).json(await settledView(context, provider, body));
  };
}

/** `PUT /v1/users/authentication-providers/{id}`: full replacement; logins under way go on with it as it is from then on. */
export function createReplaceProvider(context: ApiContext, checkDiscovery: DiscoveryCheck): Handler {
  const schema = authenticationProviderRequestSchema(context.config.OUTBOUND_ALLOWED_HOSTS);
  return async (request, response) => {
    const id = uuidParameter(request);
    noteProvider(response, id);
    const body = await readBody(request, schema, context);
    toDocument(context, { request: body, id, current: await requireProvider(context, id) });
    await requireStillDefault(context, id, body);
    await checkDiscovery(body);
    const provider = await replace(context, id, body);
    response.json(await settledView(context, provider, body));
  };
}

/** Adds to the event which provider it is about. */
export function noteProvider(response: Response, authenticationProviderId: string): void {
  (response.locals as EventLocals).eventData = { authenticationProviderId };
}

/** There is always a default, so it is given to another provider rather than taken from one. */
async function requireStillDefault({ db }: ApiContext, id: string, { isDefault }: AuthenticationProviderRequest): Promise<void> {
  if (isDefault !== false || (await defaultProviderId(db, DEFAULT_ISSUER_ID)) !== id) return;
  const msg = 'cannot be taken from the default provider; make another provider the default instead';
  throw ManagementError.validation([{ msg, param: 'isDefault', location: 'body' }]);
}

/** Replaces the record as it was last read, so that neither its secret nor its being the default is undone by chance. */
async function replace(
  context: ApiContext,
  id: string,
  request: AuthenticationProviderRequest,
): Promise<AuthenticationProviderDocument> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const current = await requireProvider(context, id);
    const provider = toDocument(context, { request, id, current });
    const { matchedCount } = await context.db.authenticationProviders.replaceOne(
      { _id: id, issuerId: DEFAULT_ISSUER_ID, isDefault: current.isDefault, updatedAt: current.updatedAt },
      provider,
    );
    if (matchedCount === 1) return provider;
  }
  throw new UnavailableError('The authentication provider is being changed by other requests');
}

async function settledView(
  context: ApiContext,
  provider: AuthenticationProviderDocument,
  { isDefault }: AuthenticationProviderRequest,
) {
  const { db, directory } = context;
  if (isDefault === true) await chooseDefault(db, { issuerId: DEFAULT_ISSUER_ID, providerId: provider._id });
  await settleDefault(db, DEFAULT_ISSUER_ID);
  await directory.changed(DEFAULT_ISSUER_ID);
  return toView(context, provider, await defaultProviderId(db, DEFAULT_ISSUER_ID));
}
