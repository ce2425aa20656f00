import type { Request, Response, Router } from 'express';
import type { ApiContext } from '../../context.js';
import { methodNotAllowed } from '../../http/method-not-allowed.js';
import { recorded } from '../../http/recorded.js';
import { createRequireRole } from '../authorize.js';
import { createDeleteSigner, createUpdateSigner } from '../certificate-signers/change-signer.js';
import { createCreateSigner } from '../certificate-signers/create-signer.js';
import { createListSigners, createRetrieveSigner } from '../certificate-signers/read-signer.js';
import { createRevokeSigner } from '../certificate-signers/revoke-signer.js';
import { SIGNER_RESOURCES } from '../certificate-signers/signer-resource.js';
import { deleteIaca, updateIaca } from './change-iaca.js';
import { createIaca } from './create-iaca.js';
import { listIacas, retrieveIaca } from './read-iaca.js';

type Handler = (request: Request, response: Response) => Promise<void>;
type ContextHandler = (context: ApiContext, request: Request, response: Response) => Promise<void>;

/** The certificates of mobile credentials (product.md 11.1). */
export function addCertificateRoutes(router: Router, context: ApiContext): void {
  const issuers = createRequireRole(context)('admin', 'issuer');
  const operation = (stem: string, handler: Handler) => recorded(context, { stem, category: 'MOBILE_CREDENTIAL' }, handler);

  const iaca = (action: string, handler: ContextHandler) =>
    operation(`MOBILE_CREDENTIAL_IACA_${action}`, (request, response) => handler(context, request, response));
  router
    .route('/v2/credentials/mobile/iacas')
    .post(issuers, iaca('CREATE', createIaca))
    .get(issuers, iaca('RETRIEVE_LIST', listIacas))
    .all(methodNotAllowed('GET', 'POST'));
  router
    .route('/v2/credentials/mobile/iacas/:id')
    .get(issuers, iaca('RETRIEVE', retrieveIaca))
    .put(issuers, iaca('UPDATE', updateIaca))
    .delete(issuers, iaca('DELETE', deleteIaca))
    .all(methodNotAllowed('GET', 'PUT', 'DELETE'));

  for (const resource of SIGNER_RESOURCES) {
    const signer = (action: string, handler: Handler) => operation(`${resource.stem}_${action}`, handler);
    router
      .route(resource.path)
      .post(issuers, signer('CREATE', createCreateSigner(context, resource)))
      .get(issuers, signer('RETRIEVE_LIST', createListSigners(context, resource)))
      .all(methodNotAllowed('GET', 'POST'));
    router
      .route(`${resource.path}/:id`)
      .get(issuers, signer('RETRIEVE', createRetrieveSigner(context, resource)))
      .put(issuers, signer('UPDATE', createUpdateSigner(context, resource)))
      .delete(issuers, signer('DELETE', createDeleteSigner(context, resource)))
      .all(methodNotAllowed('GET', 'PUT', 'DELETE'));
    router
      .route(`${resource.path}/:id/revoke`)
      .post(issuers, signer('REVOKE', createRevokeSigner(context, resource)))
      .all(methodNotAllowed('POST'));
  }
}
