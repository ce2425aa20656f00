import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { CredentialConfigurationDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { uuidParameter } from '../record-id.js';
import { readBody } from '../validation.js';
import { requireClaimSource, requireConfiguration, toDocument, toView } from './configuration-record.js';
import { configurationReplacementSchema, configurationRequestSchema } from './configuration.schema.js';
import { confirmType, releaseType, reserveType } from './type-reservation.js';

/** `POST /v2/credentials/sd-jwt/configurations`: from then on the issuer metadata offers the credential. */
export async function createConfiguration(context: ApiContext, request: Request, response: Response): Promise<void> {
  const body = await readBody(request, configurationRequestSchema, context);
  const createdAt = new Date(context.now());
  const document = toDocument(body, { id: randomUUID(), createdAt, updatedAt: createdAt });
  const { credentialConfigurations } = context.db;
  await write(context, document, {
    apply: () => credentialConfigurations.insertOne(document),
    undo: () => credentialConfigurations.deleteOne({ _id: document._id, issuerId: document.issuerId }),
  });
  note(response, document);
  response.status(201).json(toView(document));
}

/** `PUT /v2/credentials/sd-jwt/configurations/{id}`: full replacement. Issuances under way use it from their next step on. */
export async function replaceConfiguration(context: ApiContext, request: Request, response: Response): Promise<void> {
  const id = uuidParameter(request);
  const body = await readBody(request, configurationReplacementSchema, context);
  const current = await requireConfiguration(context, id);
  const document = toDocument(body, { id, createdAt: current.createdAt, updatedAt: new Date(context.now()) });
  await write(context, document, {
    apply: () => replace(context, document),
    undo: () => replace(context, current),
  });
  if (current.type !== document.type) await releaseType(context.db, claimantOf(current));
  note(response, document);
  response.json(toView(document));
}

/** `DELETE /v2/credentials/sd-jwt/configurations/{id}`: offers made of it can no longer be collected. */
export async function deleteConfiguration(context: ApiContext, request: Request, response: Response): Promise<void> {
  const configuration = await requireConfiguration(context, uuidParameter(request));
  note(response, configuration);
  await context.db.credentialConfigurations.deleteOne({ _id: configuration._id, issuerId: DEFAULT_ISSUER_ID });
  await releaseType(context.db, claimantOf(configuration));
  await context.directory.changed(DEFAULT_ISSUER_ID);
  response.status(204).end();
}

interface Write {
  readonly apply: () => Promise<unknown>;
  readonly undo: () => Promise<unknown>;
}

/** Writes so that, whatever else happens at the same time, no two configurations have one type and none lacks its source. */
async function write(context: ApiContext, document: CredentialConfigurationDocument, { apply, undo }: Write): Promise<void> {
  await requireClaimSource(context, document);
  await reserveType(context.db, claimantOf(document));
  await apply();
  await confirmType(context.db, claimantOf(document), undo);
  // Its source may have been deleted in the meantime.
  await requireClaimSource(context, document, undo);
  await context.directory.changed(document.issuerId);
}

async function replace({ db }: ApiContext, document: CredentialConfigurationDocument): Promise<void> {
  const { matchedCount } = await db.credentialConfigurations.replaceOne(
    { _id: document._id, issuerId: document.issuerId },
    document,
  );
  if (matchedCount === 0) throw ManagementError.notFound('id', document._id);
}

function claimantOf({ _id, issuerId, type }: CredentialConfigurationDocument): Parameters<typeof reserveType>[1] {
  return { issuerId, type, configurationId: _id };
}

function note(response: Response, { _id }: CredentialConfigurationDocument): void {
  (response.locals as EventLocals).eventData = { credentialConfigurationId: _id };
}
