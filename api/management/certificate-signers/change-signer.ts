import type { Request, Response } from 'express';
import { releaseSlot } from '../../../store/certificate-slots.js';
import type { CertificateSignerDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { uuidParameter } from '../record-id.js';
import { readBody } from '../validation.js';
import { answeredCertificate } from './answered-certificate.js';
import { requireSigner, toView } from './signer-record.js';
import type { SignerResource } from './signer-resource.js';
import { signerSlot } from './signer-slot.js';
import { signerUpdateSchema } from './signer.schema.js';

type Handler = (request: Request, response: Response) => Promise<void>;

/** `PUT /v2/credentials/mobile/<signers>/{id}`: takes the certificate, and puts the signer into use or out of it. */
export function createUpdateSigner(context: ApiContext, resource: SignerResource): Handler {
  return async (request, response) => {
    const id = uuidParameter(request);
    noteSigner(response, id);
    const update = await readBody(request, signerUpdateSchema, context);
    const signer = await requireSigner(context, resource, id);
    requireUnmanagedSigner(signer, resource);
    const answered = await answeredCertificate(context, { signer, update });
    const change = { active: update.active, ...answered, updatedAt: new Date(context.now()) };
    const { matchedCount } = await context.db.certificateSigners.updateOne(
      { _id: id, issuerId: DEFAULT_ISSUER_ID },
      { $set: change },
    );
    if (matchedCount === 0) throw ManagementError.notFound('id', id);
    await context.directory.changed(DEFAULT_ISSUER_ID);
    response.json(toView({ ...signer, ...change }));
  };
}

/** `DELETE /v2/credentials/mobile/<signers>/{id}`: with its key. What it signed stays valid. */
export function createDeleteSigner(context: ApiContext, resource: SignerResource): Handler {
  return async (request, response) => {
    const id = uuidParameter(request);
    noteSigner(response, id);
    const signer = await requireSigner(context, resource, id);
    requireUnmanagedSigner(signer, resource);
    await deleteSignerRecord(context, resource, signer);
    await context.directory.changed(DEFAULT_ISSUER_ID);
    response.status(204).end();
  };
}

/** Deletes a signer with its key, and gives back its place. */
export async function deleteSignerRecord(
  context: ApiContext,
  resource: SignerResource,
  { _id, issuerId, keyRef }: CertificateSignerDocument,
): Promise<void> {
  await context.db.certificateSigners.deleteOne({ _id, issuerId });
  await context.db.signingKeys.deleteOne({ _id: keyRef, issuerId });
  await releaseSlot(signerSlot(context, resource, _id));
}

/** Adds to the event which signer it is about. */
export function noteSigner(response: Response, signerId: string): void {
  (response.locals as EventLocals).eventData = { signerId };
}

function requireUnmanagedSigner({ csrPem }: CertificateSignerDocument, { name }: SignerResource): void {
  if (csrPem !== undefined) return;
  const message = `The ${name} belongs to a managed IACA, which makes, renews and retires its signers by itself`;
  throw new ManagementError('Conflict', message, { status: 409 });
}
