import type { Request, Response } from 'express';
import { deleteIaca as deleteIacaRecord } from '../../../store/certificate-iacas.js';
import { renewSigners } from '../../../store/certificate-renewal.js';
import type { IacaDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { keyScope } from '../../key-scope.js';
import { uuidParameter } from '../record-id.js';
import { readBody } from '../validation.js';
import { requireIaca, toView } from './iaca-record.js';
import { releaseIacaSlot } from './iaca-slot.js';
import { iacaUpdateSchema } from './iaca.schema.js';

/** `PUT /v2/credentials/mobile/iacas/{id}`: only the signers of active IACAs sign, from the next credential on. */
export async function updateIaca(context: ApiContext, request: Request, response: Response): Promise<void> {
  const id = uuidParameter(request);
  noteIaca(response, id);
  const { active } = await readBody(request, iacaUpdateSchema, context);
  const iaca = await requireIaca(context, id);
  if (active) await prepare(context, iaca);
  const { matchedCount } = await context.db.iacas.updateOne(
    { _id: id, issuerId: DEFAULT_ISSUER_ID },
    { $set: { active, updatedAt: new Date(context.now()) } },
  );
  if (matchedCount === 0) throw ManagementError.notFound('id', id);
  await context.directory.changed(DEFAULT_ISSUER_ID);
  response.json(toView({ ...iaca, active }));
}

/** `DELETE /v2/credentials/mobile/iacas/{id}`: with its signers, all keys and its revocation list. Refused while it is active. */
export async function deleteIaca(context: ApiContext, request: Request, response: Response): Promise<void> {
  const id = uuidParameter(request);
  noteIaca(response, id);
  await requireIaca(context, id);
  if (!(await deleteIacaRecord(keyScope(context), id))) {
    await requireIaca(context, id);
    throw new ManagementError('Conflict', 'The IACA is active: deactivate it first', { status: 409 });
  }
  await releaseIacaSlot(context, id);
  await context.directory.changed(DEFAULT_ISSUER_ID);
  response.status(204).end();
}

/** Adds to the event which IACA it is about. */
export function noteIaca(response: Response, iacaId: string): void {
  (response.locals as EventLocals).eventData = { iacaId };
}

/** It may have been made long ago: its signers are brought up to date before anything is signed with them. */
async function prepare(context: ApiContext, iaca: IacaDocument): Promise<void> {
  const scope = keyScope(context);
  if (iaca.notAfter <= scope.now) {
    const msg = 'cannot be true for an IACA that has ended; create another one';
    throw ManagementError.validation([{ msg, param: 'active', location: 'body' }]);
  }
  await renewSigners(scope, iaca);
}
