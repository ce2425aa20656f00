import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { createCertificateRequest } from '../../../keys/certificate-request.js';
import { openSigner } from '../../../keys/open-signer.js';
import { recordKey } from '../../../store/certificate-keys.js';
import { signerSubject } from '../../../store/certificate-signers.js';
import { keepsSlot, releaseSlot, takeSlot } from '../../../store/certificate-slots.js';
import type { CertificateSignerDocument, IacaDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import { keyScope } from '../../key-scope.js';
import { limitReached } from '../iacas/certificate-errors.js';
import { findIaca } from '../iacas/iaca-record.js';
import { readBody } from '../validation.js';
import { noteSigner, deleteSignerRecord } from './change-signer.js';
import { toView } from './signer-record.js';
import type { SignerResource } from './signer-resource.js';
import { signerSlot } from './signer-slot.js';
import { signerRequestSchema } from './signer.schema.js';

type Handler = (request: Request, response: Response) => Promise<void>;

/** `POST /v2/credentials/mobile/<signers>`: a key, and the request that the unmanaged IACA is to answer with a certificate. */
export function createCreateSigner(context: ApiContext, resource: SignerResource): Handler {
  return async (request, response) => {
    const { iacaId } = await readBody(request, signerRequestSchema, context);
    const signerId = randomUUID();
    noteSigner(response, signerId);
    const iaca = await requireUnmanaged(context, iacaId);
    const slot = signerSlot(context, resource, signerId);
    const full = limitReached(`${resource.name}s under unmanaged IACAs`, resource.most);
    if (!(await takeSlot(slot))) throw full;
    const signer = await newSigner(context, resource, { signerId, iaca }).catch(async (error: unknown) => {
      await releaseSlot(slot);
      throw error;
    });
    await context.db.certificateSigners.insertOne(signer);
    const undo = () => deleteSignerRecord(context, resource, signer);
    if (!(await keepsSlot(slot))) {
      await undo();
      throw full;
    }
    // It may have been deleted in the meantime.
    await requireUnmanaged(context, iacaId, undo);
    await context.directory.changed(DEFAULT_ISSUER_ID);
    response.status(201).json(toView(signer));
  };
}

async function requireUnmanaged(context: ApiContext, iacaId: string, undo?: () => Promise<void>): Promise<IacaDocument> {
  const iaca = await findIaca(context, iacaId);
  if (iaca?.isManaged === false) return iaca;
  await undo?.();
  const msg = iaca === null ? 'is not the id of an IACA' : 'is the id of a managed IACA, whose signers are made by themselves';
  throw ManagementError.validation([{ msg, param: 'iacaId', location: 'body' }]);
}

async function newSigner(
  context: ApiContext,
  { kind }: SignerResource,
  { signerId, iaca }: { signerId: string; iaca: IacaDocument },
): Promise<CertificateSignerDocument> {
  const scope = keyScope(context);
  const key = await recordKey(scope, { purpose: kind, recordId: signerId });
  const signer = openSigner({ document: key, access: context });
  const { statusSigningUsage } = scope;
  const csrPem = await createCertificateRequest({ signer, kind, subject: signerSubject(scope, iaca, kind), statusSigningUsage });
  const createdAt = new Date(scope.now);
  const record = { _id: signerId, issuerId: DEFAULT_ISSUER_ID, kind, iacaId: iaca._id, keyRef: key._id };
  return { ...record, active: false, csrPem, createdAt, updatedAt: createdAt };
}
