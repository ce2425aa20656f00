import type { Request } from 'express';
import type { IssuanceDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import { workflowIdOf, type IssuanceDescription } from '../../issuance-client.js';
import { isOfferId, type OfferView } from './offer.schema.js';

/** What an offer's views are made of: never its claims. */
export type OfferRecord = Omit<IssuanceDocument, 'claims' | 'collected'>;

export const WITHOUT_CLAIMS = { projection: { claims: 0, collected: 0 } } as const;

/** @throws {ManagementError} 404 */
export async function requireOffer({ db }: ApiContext, request: Request): Promise<OfferRecord> {
  const { id } = request.params;
  if (!isOfferId(id)) throw ManagementError.notFound();
  const record = await db.issuances.findOne(
    { _id: id, issuerId: DEFAULT_ISSUER_ID, grantType: 'pre-authorized_code' },
    WITHOUT_CLAIMS,
  );
  if (record === null) throw ManagementError.notFound('id', id);
  return record;
}

/** An offer with where its issuance stands; `description` is undefined where Temporal knows none (any more). */
export function toView(context: ApiContext, record: OfferRecord, description: IssuanceDescription | undefined): OfferView {
  const closedAt = record.closedAt ?? description?.closedAt;
  const phase = closedAt === undefined ? description?.phase : 'CLOSED';
  const phaseSince = description?.phaseSince ?? closedAt;
  const outcome = record.outcome ?? description?.outcome;
  const problem = problemOf(record, description);
  return {
    id: record._id,
    credentials: [...record.configurationIds],
    userId: record.userId,
    createdAt: record.createdAt.toISOString(),
    expiresAt: record.expiresAt.toISOString(),
    ...(phase === undefined ? {} : { phase }),
    ...(phaseSince === undefined ? {} : { phaseSince: phaseSince.toISOString() }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(problem === undefined ? {} : { problem }),
    ...(description?.issuedCount === undefined ? {} : { issuedCount: description.issuedCount }),
    ...(closedAt === undefined ? {} : { closedAt: closedAt.toISOString() }),
    temporalUi: temporalUiUrl(context, workflowIdOf({ issuerId: record.issuerId, sessionId: record._id })),
  };
}

function problemOf({ closedAt }: OfferRecord, description: IssuanceDescription | undefined): OfferView['problem'] {
  if (description === undefined) return closedAt === undefined ? 'not_started' : undefined;
  return description.failed ? 'failed' : description.problem;
}

/** Where Temporal UI shows a workflow. */
export function temporalUiUrl({ config }: ApiContext, workflowId: string): string {
  const namespace = encodeURIComponent(config.TEMPORAL_NAMESPACE);
  return `${config.TEMPORAL_UI_URL}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
}
