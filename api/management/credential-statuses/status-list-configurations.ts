import type { Request, Response } from 'express';
import { z } from 'zod';
import { isDuplicateKey } from '../../../store/database.js';
import { derivedUuid } from '../../../store/derived-uuid.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { StatusListConfigurationDocument } from '../../../store/status-documents.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { after, pageOf, pageQuery } from '../pagination.js';
import { uuidParameter } from '../record-id.js';
import { readBody, readQuery } from '../validation.js';
import { statusListConfigurationRequestSchema, statusListConfigurationUpdateSchema } from './status-list-configuration.schema.js';

export const statusListConfigurationListQuery = z.object(pageQuery);

/** `POST /v2/credentials/mobile/status-lists/configurations`: for lists of the document type that are opened from then on. */
export async function createStatusListConfiguration(context: ApiContext, request: Request, response: Response): Promise<void> {
  const { docType, ...durations } = await readBody(request, statusListConfigurationRequestSchema, context);
  const at = new Date(context.now());
  const document = {
    _id: idOf(docType),
    issuerId: DEFAULT_ISSUER_ID,
    docType,
    ...durations,
    createdAt: at,
    updatedAt: at,
  };
  note(response, document._id);
  try {
    await context.db.statusListConfigurations.insertOne(document);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw ManagementError.validation([{ msg: 'has a status list configuration already', param: 'docType', location: 'body' }]);
  }
  await context.directory.changed(DEFAULT_ISSUER_ID);
  response.status(201).json(toView(document));
}

/** `GET /v2/credentials/mobile/status-lists/configurations`: oldest first. */
export async function listStatusListConfigurations({ db }: ApiContext, request: Request, response: Response): Promise<void> {
  const { limit, cursor } = readQuery(request, statusListConfigurationListQuery);
  const position = after<StatusListConfigurationDocument>(cursor, { field: 'createdAt', order: 'ascending' });
  const records = await db.statusListConfigurations
    .find({ $and: [{ issuerId: DEFAULT_ISSUER_ID }, ...position] })
    .sort({ createdAt: 1, _id: 1 })
    .limit(limit + 1)
    .toArray();
  const page = pageOf(records, { limit, position: ({ createdAt, _id }) => ({ at: createdAt, id: _id }), view: toView });
  response.json(page);
}

/** `GET /v2/credentials/mobile/status-lists/configurations/{id}` */
export async function retrieveStatusListConfiguration(context: ApiContext, request: Request, response: Response): Promise<void> {
  response.json(toView(await requireConfiguration(context, request, response)));
}

/** `PUT /v2/credentials/mobile/status-lists/configurations/{id}`: its lists are signed for as long from their next publication on. */
export async function replaceStatusListConfiguration(context: ApiContext, request: Request, response: Response): Promise<void> {
  const { timeToLiveDuration, expiryDuration } = await readBody(request, statusListConfigurationUpdateSchema, context);
  const current = await requireConfiguration(context, request, response);
  const replacement = { ...current, timeToLiveDuration, expiryDuration, updatedAt: new Date(context.now()) };
  const filter = { _id: current._id, issuerId: DEFAULT_ISSUER_ID };
  const { matchedCount } = await context.db.statusListConfigurations.replaceOne(filter, replacement);
  if (matchedCount === 0) throw ManagementError.notFound('id', current._id);
  await context.directory.changed(DEFAULT_ISSUER_ID);
  response.json(toView(replacement));
}

/** `DELETE /v2/credentials/mobile/status-lists/configurations/{id}`: refused while a list uses it. */
export async function deleteStatusListConfiguration(context: ApiContext, request: Request, response: Response): Promise<void> {
  const { db } = context;
  const current = await requireConfiguration(context, request, response);
  await requireUnused(context, current);
  await db.statusListConfigurations.deleteOne({ _id: current._id, issuerId: DEFAULT_ISSUER_ID });
  // A list opened in between saw the configuration: it gets it back.
  await requireUnused(context, current, () => db.statusListConfigurations.insertOne(current));
  await context.directory.changed(DEFAULT_ISSUER_ID);
  response.status(204).end();
}

async function requireConfiguration(
  { db }: ApiContext,
  request: Request,
  response: Response,
): Promise<StatusListConfigurationDocument> {
  const _id = uuidParameter(request);
  note(response, _id);
  const found = await db.statusListConfigurations.findOne({ _id, issuerId: DEFAULT_ISSUER_ID });
  if (found === null) throw ManagementError.notFound('id', _id);
  return found;
}

/** As with MATTR, a conflict is a 400 without details. */
async function requireUnused(
  { db }: ApiContext,
  { _id, issuerId }: StatusListConfigurationDocument,
  undo?: () => Promise<unknown>,
): Promise<void> {
  const user = await db.statusLists.findOne({ issuerId, statusListConfigurationId: _id }, { projection: { _id: 1 } });
  if (user === null) return;
  await undo?.();
  throw new ManagementError('BadRequest', 'The status list configuration is used by status lists', { status: 400 });
}

/** A UUID that follows from the document type: so there is one configuration of each. */
function idOf(docType: string): string {
  return derivedUuid(`status-list-configuration/${DEFAULT_ISSUER_ID}/${docType}`);
}

function toView({ _id, docType, timeToLiveDuration, expiryDuration }: StatusListConfigurationDocument) {
  return { id: _id, docType, timeToLiveDuration, expiryDuration };
}

function note(response: Response, statusListConfigurationId: string): void {
  (response.locals as EventLocals).eventData = { statusListConfigurationId };
}
