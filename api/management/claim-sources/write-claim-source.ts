import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { ClaimSourceDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { uuidParameter } from '../record-id.js';
import { readBody } from '../validation.js';
import { requireSource, toDocument, toView } from './claim-source-record.js';
import { claimSourceRequestSchema } from './claim-source.schema.js';

type Handler = (request: Request, response: Response) => Promise<void>;

/** `POST /v1/claim-sources` */
export function createCreateClaimSource(context: ApiContext): Handler {
  const schema = claimSourceRequestSchema(context.config.OUTBOUND_ALLOWED_HOSTS);
  return async (request, response) => {
    const body = await readBody(request, schema, context);
    const source = toDocument(context, { request: body, id: randomUUID() });
    note(response, source._id);
    await context.db.claimSources.insertOne(source);
    await context.directory.changed(DEFAULT_ISSUER_ID);
    response.status(201).json(toView(source));
  };
}

/** `PUT /v1/claim-sources/{id}`: full replacement; issuances under way ask the source as it is from then on. */
export function createReplaceClaimSource(context: ApiContext): Handler {
  const schema = claimSourceRequestSchema(context.config.OUTBOUND_ALLOWED_HOSTS);
  return async (request, response) => {
    const id = uuidParameter(request);
    note(response, id);
    const body = await readBody(request, schema, context);
    const current = await requireSource(context, id);
    const source = toDocument(context, { request: body, id, current });
    const { matchedCount } = await context.db.claimSources.replaceOne({ _id: id, issuerId: DEFAULT_ISSUER_ID }, source);
    if (matchedCount === 0) throw ManagementError.notFound('id', id);
    await context.directory.changed(DEFAULT_ISSUER_ID);
    response.json(toView(source));
  };
}

/** `DELETE /v1/claim-sources/{id}`: refused while a credential configuration uses it. */
export async function deleteClaimSource(context: ApiContext, request: Request, response: Response): Promise<void> {
  const id = uuidParameter(request);
  note(response, id);
  const source = await requireSource(context, id);
  await requireUnused(context, source);
  await context.db.claimSources.deleteOne({ _id: id, issuerId: DEFAULT_ISSUER_ID });
  // A configuration written in between saw the source: it gets it back.
  await requireUnused(context, source, () => context.db.claimSources.insertOne(source));
  await context.directory.changed(DEFAULT_ISSUER_ID);
  response.status(204).end();
}

async function requireUnused(
  { db }: ApiContext,
  { _id, issuerId }: ClaimSourceDocument,
  undo?: () => Promise<unknown>,
): Promise<void> {
  const user = await db.credentialConfigurations.findOne({ issuerId, claimSourceId: _id }, { projection: { _id: 1 } });
  if (user === null) return;
  await undo?.();
  throw new ManagementError('Conflict', `The claims source is used by the credential configuration ${user._id}`, { status: 409 });
}

function note(response: Response, claimSourceId: string): void {
  (response.locals as EventLocals).eventData = { claimSourceId };
}
