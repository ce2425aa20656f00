import type { Request, Response } from 'express';
import { contextFault } from '../../../credentials/ldp-vc/context-fault.js';
import { isDuplicateKey } from '../../../store/database.js';
import type { JsonLdContextDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { readBody } from '../validation.js';
import { recordIdOf, requireJsonLdContext, toView } from './json-ld-context-record.js';
import { jsonLdContextRequestSchema } from './json-ld-context.schema.js';

const MOST_CONTEXTS = 100;

/** `POST /v2/credentials/web-semantic/contexts`: from then on configurations may use it. Its content is for good. */
export async function createJsonLdContext(context: ApiContext, request: Request, response: Response): Promise<void> {
  const { url, content } = await readBody(request, jsonLdContextRequestSchema, context);
  const fault = await contextFault(url, content);
  if (fault !== undefined) throw ManagementError.validation([{ msg: fault.message, param: fault.member, location: 'body' }]);
  const document: JsonLdContextDocument = {
    _id: recordIdOf(url),
    issuerId: DEFAULT_ISSUER_ID,
    url,
    content: JSON.stringify(content),
    createdAt: new Date(context.now()),
  };
  await insert(context, document);
  await context.directory.changed(DEFAULT_ISSUER_ID);
  note(response, document);
  response.status(201).json(toView(document));
}

/** `DELETE /v2/credentials/web-semantic/contexts/{id}`: refused while a configuration uses it. */
export async function deleteJsonLdContext(context: ApiContext, request: Request, response: Response): Promise<void> {
  const document = await requireJsonLdContext(context, request);
  note(response, document);
  await requireUnused(context, document);
  await context.db.jsonLdContexts.deleteOne({ _id: document._id, issuerId: DEFAULT_ISSUER_ID });
  await context.directory.changed(DEFAULT_ISSUER_ID);
  // A configuration may have been saved in the meantime.
  await requireUnused(context, document, () => restore(context, document));
  response.status(204).end();
}

async function insert({ db }: ApiContext, document: JsonLdContextDocument): Promise<void> {
  const { _id, issuerId } = document;
  if ((await db.jsonLdContexts.countDocuments({ issuerId, _id: { $ne: _id } }, { limit: MOST_CONTEXTS })) >= MOST_CONTEXTS)
    throw new ManagementError('Conflict', `There are ${MOST_CONTEXTS} contexts already, which is the limit`, { status: 409 });
  try {
    await db.jsonLdContexts.insertOne(document);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw new ManagementError('Conflict', 'There is a context of this url already, and its content is for good', { status: 409 });
  }
}

async function requireUnused(
  { db }: ApiContext,
  { issuerId, url }: JsonLdContextDocument,
  undo?: () => Promise<unknown>,
): Promise<void> {
  const user = await db.credentialConfigurations.findOne(
    { issuerId, profile: 'web-semantic', contexts: url },
    { projection: { _id: 1 } },
  );
  if (user === null) return;
  await undo?.();
  throw ManagementError.validation([{ msg: 'is in use by a credential configuration', param: 'id', location: 'params' }]);
}

async function restore(context: ApiContext, document: JsonLdContextDocument): Promise<void> {
  await insert(context, document);
  await context.directory.changed(DEFAULT_ISSUER_ID);
}

function note(response: Response, document: JsonLdContextDocument): void {
  (response.locals as EventLocals).eventData = { contextId: toView(document).id };
}
