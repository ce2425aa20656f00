import type { ClaimSourceDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import { toShownAuthorization, toStoredAuthorization } from './claim-source-secret.js';
import type { ClaimSourceRequest, ClaimSourceView } from './claim-source.schema.js';

/**
 * The record that a request describes; `current` is the one it replaces.
 *
 * @throws {ManagementError} 400
 */
export function toDocument(
  { ring, now }: ApiContext,
  { request, id, current }: { request: ClaimSourceRequest; id: string; current?: ClaimSourceDocument },
): ClaimSourceDocument {
  const { name, url, requestMethod, requestParameters, onFailure } = request;
  const updatedAt = new Date(now());
  return {
    _id: id,
    issuerId: DEFAULT_ISSUER_ID,
    name,
    url,
    requestMethod,
    requestParameters,
    authorization: toStoredAuthorization({ request, sourceId: id, ring, ...(current === undefined ? {} : { current }) }),
    onFailure,
    createdAt: current?.createdAt ?? updatedAt,
    updatedAt,
  };
}

/** The record as the API shows it. */
export function toView({
  _id,
  name,
  url,
  requestMethod,
  requestParameters,
  authorization,
  onFailure,
}: ClaimSourceDocument): ClaimSourceView {
  return { id: _id, name, url, requestMethod, requestParameters, authorization: toShownAuthorization(authorization), onFailure };
}

/** @throws {ManagementError} 404 */
export async function requireSource({ db }: ApiContext, id: string): Promise<ClaimSourceDocument> {
  const document = await db.claimSources.findOne({ _id: id, issuerId: DEFAULT_ISSUER_ID });
  if (document === null) throw ManagementError.notFound('id', id);
  return document;
}
