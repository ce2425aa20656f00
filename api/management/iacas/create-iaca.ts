import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { deleteIacaParts, iacaRecord, makeManagedIaca } from '../../../store/certificate-iacas.js';
import { keepsSlot, releaseSlot, takeSlot } from '../../../store/certificate-slots.js';
import type { IacaDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { KeyScope } from '../../../store/signing-keys.js';
import type { ApiContext } from '../../context.js';
import { keyScope } from '../../key-scope.js';
import { readBody } from '../validation.js';
import { limitReached } from './certificate-errors.js';
import { noteIaca } from './change-iaca.js';
import { toView } from './iaca-record.js';
import { requestedCertificate, requestedIaca } from './iaca-request.js';
import { iacaSlot, MOST_IACAS } from './iaca-slot.js';
import { iacaRequestSchema, type IacaRequest } from './iaca.schema.js';

/** `POST /v2/credentials/mobile/iacas`: inactive, so that relying parties can have its certificate before it is used. */
export async function createIaca(context: ApiContext, request: Request, response: Response): Promise<void> {
  const body = await readBody(request, iacaRequestSchema, context);
  const scope = keyScope(context);
  const iacaId = randomUUID();
  noteIaca(response, iacaId);
  const make = await planned(context, scope, { iacaId, body });
  const slot = iacaSlot(context, iacaId);
  if (!(await takeSlot(slot))) throw limitReached('IACAs', MOST_IACAS);
  const iaca = await make().catch(async (error: unknown) => {
    await releaseSlot(slot);
    throw error;
  });
  await context.db.iacas.insertOne(iaca);
  if (!(await keepsSlot(slot))) {
    await context.db.iacas.deleteOne({ _id: iacaId, issuerId: DEFAULT_ISSUER_ID });
    await deleteIacaParts(scope, iaca);
    throw limitReached('IACAs', MOST_IACAS);
  }
  await context.directory.changed(DEFAULT_ISSUER_ID);
  response.status(201).json(toView(iaca));
}

/** Checks the request before anything is taken or made. */
async function planned(
  { directory }: ApiContext,
  scope: KeyScope,
  { iacaId, body }: { iacaId: string; body: IacaRequest },
): Promise<() => Promise<IacaDocument>> {
  if (body.certificatePem !== undefined) {
    const certificate = requestedCertificate(body.certificatePem, scope.now);
    return () => Promise.resolve(iacaRecord(scope, { iacaId, certificate, isManaged: false }));
  }
  const { issuer } = await directory.get(DEFAULT_ISSUER_ID);
  const wanted = requestedIaca(body, { scope, country: issuer.country });
  return () => makeManagedIaca(scope, { iacaId, ...wanted });
}
