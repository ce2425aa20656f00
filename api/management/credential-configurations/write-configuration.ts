import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { CredentialConfigurationDocument } from '../../../store/configuration-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { uuidParameter } from '../record-id.js';
import { readBody } from '../validation.js';
import type { AnyConfigurationKind, CommonRequest } from './configuration-kind.js';
import { requireClaimSource, requireConfiguration, toView } from './configuration-record.js';
import { confirmType, releaseType, reserveType, type Claimant } from './type-reservation.js';

type Handler = (request: Request, response: Response) => Promise<void>;

/** `POST /v2/credentials/<profile>/configurations`: from then on the issuer metadata offers the credential. */
export function createCreateConfiguration(context: ApiContext, kind: AnyConfigurationKind): Handler {
  const { credentialConfigurations } = context.db;
  return async (request, response) => {
    const body = (await readBody(request, kind.requestSchema, context)) as CommonRequest;
    const createdAt = new Date(context.now());
    const id = randomUUID();
    const document = kind.toDocument(body, { _id: id, issuerId: DEFAULT_ISSUER_ID, createdAt, updatedAt: createdAt });
    await write(context, kind, document, {
      apply: () => credentialConfigurations.insertOne(document),
      undo: async () => {
        await credentialConfigurations.deleteOne({ _id: id, issuerId: document.issuerId });
        await releaseType(context.db, claimantOf(kind, document));
      },
    });
    note(response, document);
    response.status(201).json(toView(kind, document));
  };
}

/** `PUT /v2/credentials/<profile>/configurations/{id}`: full replacement. Issuances under way use it from their next step on. */
export function createReplaceConfiguration(context: ApiContext, kind: AnyConfigurationKind): Handler {
  const schema = replacementSchemaOf(kind);
  return async (request, response) => {
    const id = uuidParameter(request);
    const { id: _ignored, ...body } = (await readBody(request, schema, context)) as CommonRequest & { id?: string };
    const current = await requireConfiguration(context, kind, id);
    const { createdAt } = current;
    const updatedAt = new Date(context.now());
    const document = kind.toDocument(body, { _id: id, issuerId: DEFAULT_ISSUER_ID, createdAt, updatedAt });
    await write(context, kind, document, {
      apply: () => replace(context, document),
      undo: async () => {
        await replace(context, current);
        if (current.type !== document.type) await releaseType(context.db, claimantOf(kind, document));
      },
    });
    if (current.type !== document.type) await releaseType(context.db, claimantOf(kind, current));
    note(response, document);
    response.json(toView(kind, document));
  };
}

/** `DELETE /v2/credentials/<profile>/configurations/{id}`: offers made of it can no longer be collected. */
export function createDeleteConfiguration(context: ApiContext, kind: AnyConfigurationKind): Handler {
  return async (request, response) => {
    const configuration = await requireConfiguration(context, kind, uuidParameter(request));
    note(response, configuration);
    await context.db.credentialConfigurations.deleteOne({ _id: configuration._id, issuerId: DEFAULT_ISSUER_ID });
    await releaseType(context.db, claimantOf(kind, configuration));
    await context.directory.changed(DEFAULT_ISSUER_ID);
    response.status(204).end();
  };
}

/** A replacement may be what was read: the `id` in it is that of the path, whatever it says. */
export function replacementSchemaOf({ requestSchema }: AnyConfigurationKind): z.ZodObject {
  return requestSchema.extend({ id: z.string().max(64).optional() });
}

interface Write {
  readonly apply: () => Promise<unknown>;
  readonly undo: () => Promise<unknown>;
}

/** Writes so that, whatever else happens at the same time, no two configurations have one type and none lacks its source. */
async function write(
  context: ApiContext,
  kind: AnyConfigurationKind,
  document: CredentialConfigurationDocument,
  { apply, undo }: Write,
): Promise<void> {
  await requireUsable(context, kind, document);
  await requireClaimSource(context, document);
  await reserveType(context.db, claimantOf(kind, document), context.now());
  await apply();
  await confirmType(context.db, claimantOf(kind, document), undo);
  // Its source may have been deleted in the meantime.
  await requireClaimSource(context, document, undo);
  await context.directory.changed(document.issuerId);
}

/** Faults that a holder would meet later are told now. */
async function requireUsable(
  context: ApiContext,
  kind: AnyConfigurationKind,
  document: CredentialConfigurationDocument,
): Promise<void> {
  const snapshot = await context.directory.get(document.issuerId);
  const faults = (await kind.faults?.(document, { context, snapshot })) ?? [];
  if (faults.length > 0) throw ManagementError.validation(faults);
}

async function replace({ db }: ApiContext, document: CredentialConfigurationDocument): Promise<void> {
  const { matchedCount } = await db.credentialConfigurations.replaceOne(
    { _id: document._id, issuerId: document.issuerId },
    document,
  );
  if (matchedCount === 0) throw ManagementError.notFound('id', document._id);
}

function claimantOf({ typeNamespace }: AnyConfigurationKind, configuration: CredentialConfigurationDocument): Claimant {
  const { _id, issuerId, type } = configuration;
  return { issuerId, namespace: typeNamespace, type, configurationId: _id };
}

function note(response: Response, { _id }: CredentialConfigurationDocument): void {
  (response.locals as EventLocals).eventData = { credentialConfigurationId: _id };
}
