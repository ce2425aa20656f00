import type { Request, Response } from 'express';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { IssuanceDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { after, formatCursor, pageQuery, type Position } from '../pagination.js';
import { dateParameter } from '../query-values.js';
import { readQuery, type Exact } from '../validation.js';
import { toView, WITHOUT_CLAIMS, type OfferRecord } from './offer-view.js';
import { OUTCOMES, PHASES, PROBLEMS, type OfferView } from './offer.schema.js';

export const offerListQuery = z.object({
  ...pageQuery,
  open: z.enum(['true', 'false']).optional().meta({ description: 'Issuances that are not over, or that are.' }),
  outcome: z.enum(OUTCOMES).optional(),
  phase: z.enum(PHASES).optional(),
  problem: z.enum(PROBLEMS).optional(),
  credentialConfigurationId: z.string().min(1).max(256).optional(),
  createdFrom: dateParameter.optional(),
  createdTo: dateParameter.optional(),
});

type OfferListQuery = Exact<z.output<typeof offerListQuery>>;

const BATCH = 100;
const MOST_BATCHES = 10;

/**
 * `GET /v1/openid/offers/pre-authorized`: newest first. Phase and problem are Temporal's knowledge: a page looked for by
 * them examines at most 1,000 offers, so that it may hold few or none and still name a next one.
 */
export async function listOffers(context: ApiContext, request: Request, response: Response): Promise<void> {
  const query = readQuery(request, offerListQuery);
  const data: OfferView[] = [];
  let position = query.cursor;
  for (let batches = 0; batches < MOST_BATCHES; batches += 1) {
    const size = Math.min(BATCH, query.limit - data.length);
    const { records, isLast } = await readBatch(context, { query, position, size: isSelective(query) ? BATCH : size });
    for (const [index, view] of (await describeAll(context, records)).entries()) {
      if (matches(view, query)) data.push(view);
      position = positionOf(records[index] as OfferRecord);
      const isEnd = isLast && index === records.length - 1;
      if (data.length === query.limit && !isEnd) return void response.json({ nextCursor: formatCursor(position), data });
    }
    if (isLast) return void response.json({ data });
  }
  response.json({ ...(position === undefined ? {} : { nextCursor: formatCursor(position) }), data });
}

/** Whether views are left out that the store cannot tell from others. */
function isSelective({ phase, problem }: OfferListQuery): boolean {
  return phase !== undefined || problem !== undefined;
}

function matches({ phase, problem }: OfferView, query: OfferListQuery): boolean {
  return (query.phase === undefined || phase === query.phase) && (query.problem === undefined || problem === query.problem);
}

interface Batch {
  readonly query: OfferListQuery;
  readonly position: Position | undefined;
  readonly size: number;
}

async function readBatch(
  { db }: ApiContext,
  { query, position, size }: Batch,
): Promise<{ records: OfferRecord[]; isLast: boolean }> {
  const found = await db.issuances
    .find(
      { $and: [storeFilter(query), ...after<IssuanceDocument>(position, { field: 'createdAt', order: 'descending' })] },
      WITHOUT_CLAIMS,
    )
    .sort({ createdAt: -1, _id: -1 })
    .limit(size + 1)
    .toArray();
  return { records: found.slice(0, size), isLast: found.length <= size };
}

function storeFilter({
  open,
  outcome,
  phase,
  credentialConfigurationId,
  createdFrom,
  createdTo,
}: OfferListQuery): Filter<IssuanceDocument> {
  const created = {
    ...(createdFrom === undefined ? {} : { $gte: createdFrom }),
    ...(createdTo === undefined ? {} : { $lte: createdTo }),
  };
  return {
    issuerId: DEFAULT_ISSUER_ID,
    grantType: 'pre-authorized_code',
    ...(open === undefined ? {} : { closedAt: { $exists: open === 'false' } }),
    // A phase that only open issuances have.
    ...(open !== undefined || phase === undefined || phase === 'CLOSED' ? {} : { closedAt: { $exists: false } }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(credentialConfigurationId === undefined ? {} : { configurationIds: credentialConfigurationId }),
    ...(Object.keys(created).length === 0 ? {} : { createdAt: created }),
  };
}

async function describeAll(context: ApiContext, records: readonly OfferRecord[]): Promise<OfferView[]> {
  const descriptions = await context.issuances.describeMany(
    DEFAULT_ISSUER_ID,
    records.map(({ _id }) => _id),
  );
  return records.map((record) => toView(context, record, descriptions.get(record._id)));
}

function positionOf({ createdAt, _id }: OfferRecord): Position {
  return { at: createdAt, id: _id };
}
