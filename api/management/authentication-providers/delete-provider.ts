import type { Request, Response } from 'express';
import type { AuthenticationProviderDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import { uuidParameter } from '../record-id.js';
import { chooseDefault, handOverDefault, settleDefault } from './default-provider.js';
import { requireProvider } from './provider-record.js';
import { noteProvider } from './write-provider.js';

/** `DELETE /v1/users/authentication-providers/{id}`: refused while an offer uses it. The oldest other one is the default after it. */
export async function deleteProvider(context: ApiContext, request: Request, response: Response): Promise<void> {
  const id = uuidParameter(request);
  noteProvider(response, id);
  const provider = await requireProvider(context, id);
  await requireUnused(context, provider);
  const wasDefault = await handOverDefault(context.db, { issuerId: DEFAULT_ISSUER_ID, providerId: id });
  await context.db.authenticationProviders.deleteOne({ _id: id, issuerId: DEFAULT_ISSUER_ID });
  // An offer made in between saw the provider: it gets it back.
  await requireUnused(context, provider, () => putBack(context, provider, wasDefault));
  await settleDefault(context.db, DEFAULT_ISSUER_ID);
  await context.directory.changed(DEFAULT_ISSUER_ID);
  response.status(204).end();
}

async function putBack({ db }: ApiContext, provider: AuthenticationProviderDocument, wasDefault: boolean): Promise<void> {
  await db.authenticationProviders.insertOne({ ...provider, isDefault: false });
  if (wasDefault) await chooseDefault(db, { issuerId: provider.issuerId, providerId: provider._id });
  await settleDefault(db, provider.issuerId);
}

async function requireUnused(
  { db, directory }: ApiContext,
  { _id, issuerId }: AuthenticationProviderDocument,
  undo?: () => Promise<void>,
): Promise<void> {
  const offer = await db.offers.findOne(
    { issuerId, authenticationProviderId: _id, state: { $in: ['active', 'paused'] } },
    { projection: { _id: 1 } },
  );
  if (offer === null) return;
  if (undo !== undefined) {
    await undo();
    await directory.changed(issuerId);
  }
  throw new ManagementError('Conflict', `The authentication provider is used by the offer ${offer._id}`, { status: 409 });
}
