import type { Request, Response } from 'express';
import { revokeManagedSigner } from '../../../store/certificate-revocation.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import { keyScope } from '../../key-scope.js';
import { contentionAsUnavailable } from '../iacas/certificate-errors.js';
import { findIaca } from '../iacas/iaca-record.js';
import { uuidParameter } from '../record-id.js';
import { readQuery } from '../validation.js';
import { noteSigner } from './change-signer.js';
import { requireSigner } from './signer-record.js';
import type { SignerResource } from './signer-resource.js';
import { revocationQuery } from './signer.schema.js';

type Handler = (request: Request, response: Response) => Promise<void>;

/**
 * `POST /v2/credentials/mobile/<signers>/{id}/revoke`: for a key that others may have, or credentials that were never to
 * be issued. Everything that the signer signed is void once verifiers have the revocation list.
 */
export function createRevokeSigner(context: ApiContext, resource: SignerResource): Handler {
  return async (request, response) => {
    const id = uuidParameter(request);
    noteSigner(response, id);
    const { reason } = readQuery(request, revocationQuery);
    const signer = await requireSigner(context, resource, id);
    const iaca = await findIaca(context, signer.iacaId);
    if (iaca?.isManaged !== true) throw revokedElsewhere(resource);
    await revokeManagedSigner(keyScope(context), { iaca, signer, reason }).catch(contentionAsUnavailable);
    response.status(204).end();
  };
}

function revokedElsewhere({ name }: SignerResource): ManagementError {
  const message =
    `The ${name} belongs to an unmanaged IACA, whose own authority signs its revocation list: ` +
    'revoke the certificate there, and deactivate or delete the signer here';
  return new ManagementError('BadRequest', message, { status: 400 });
}
