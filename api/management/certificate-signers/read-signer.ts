import type { Request, Response } from 'express';
import { z } from 'zod';
import type { CertificateSignerDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { after, pageOf, pageQuery } from '../pagination.js';
import { uuidParameter } from '../record-id.js';
import { readQuery } from '../validation.js';
import { requireSigner, toView } from './signer-record.js';
import type { SignerResource } from './signer-resource.js';

type Handler = (request: Request, response: Response) => Promise<void>;

export const signerListQuery = z.object(pageQuery);

/** `GET /v2/credentials/mobile/<signers>/{id}` */
export function createRetrieveSigner(context: ApiContext, resource: SignerResource): Handler {
  return async (request, response) => {
    response.json(toView(await requireSigner(context, resource, uuidParameter(request))));
  };
}

/** `GET /v2/credentials/mobile/<signers>`: those of managed and unmanaged IACAs, oldest first. */
export function createListSigners({ db }: ApiContext, { kind }: SignerResource): Handler {
  return async (request, response) => {
    const { limit, cursor } = readQuery(request, signerListQuery);
    const later = after<CertificateSignerDocument>(cursor, { field: 'createdAt', order: 'ascending' });
    const records = await db.certificateSigners
      .find({ $and: [{ issuerId: DEFAULT_ISSUER_ID, kind }, ...later] })
      .sort({ createdAt: 1, _id: 1 })
      .limit(limit + 1)
      .toArray();
    response.json(pageOf(records, { limit, position: ({ createdAt, _id }) => ({ at: createdAt, id: _id }), view: toView }));
  };
}
