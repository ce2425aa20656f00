import type { Request, Response } from 'express';
import type { Filter } from 'mongodb';
import type { z } from 'zod';
import type { EventDocument } from '../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import type { ApiContext } from '../context.js';
import { eventListQuery, type eventSchema } from './events.schema.js';
import { after, pageOf } from './pagination.js';
import { readQuery, type Exact } from './validation.js';

type EventListQuery = Exact<z.output<typeof eventListQuery>>;

const NONE = 'none';
const ANY = '*';

/** `GET /v1/events`: newest first. Categories or types; every other filter narrows further. */
export async function listEvents({ db, events }: ApiContext, request: Request, response: Response): Promise<void> {
  const query = readQuery(request, eventListQuery);
  // What this process did a moment ago may still wait to be written.
  await events.flush();
  const records = await db.events
    .find({ $and: [...filtersOf(query), ...after<EventDocument>(query.cursor, { field: 'timestamp', order: 'descending' })] })
    .sort({ timestamp: -1, _id: -1 })
    .limit(query.limit + 1)
    .toArray();
  response.json(
    pageOf(records, { limit: query.limit, position: ({ timestamp, _id }) => ({ at: timestamp, id: _id }), view: toView }),
  );
}

function filtersOf(query: EventListQuery): Filter<EventDocument>[] {
  const { ids, requestIds, categories, types, dateFrom, dateTo, clientIds, managementUserIds } = query;
  const kinds = [
    ...(categories === undefined ? [] : [{ category: { $in: categories } }]),
    ...(types === undefined ? [] : [{ type: { $in: types } }]),
  ];
  return [
    { issuerId: DEFAULT_ISSUER_ID },
    ...(dateFrom === undefined ? [] : [{ timestamp: { $gte: dateFrom } }]),
    ...(dateTo === undefined ? [] : [{ timestamp: { $lte: dateTo } }]),
    ...(ids === undefined ? [] : [{ _id: { $in: ids } }]),
    ...(requestIds === undefined ? [] : [{ requestId: { $in: requestIds } }]),
    ...(kinds.length === 0 ? [] : [{ $or: kinds }]),
    ...(clientIds === undefined || (clientIds.includes(NONE) && clientIds.includes(ANY)) ? [] : [clientFilter(clientIds)]),
    // Nothing matches: no event has a management user.
    ...(managementUserIds === undefined || managementUserIds.includes(NONE) ? [] : [{ _id: { $in: [] } }]),
  ];
}

function clientFilter(clientIds: readonly string[]): Filter<EventDocument> {
  if (clientIds.includes(ANY)) return { clientId: { $exists: true } };
  const named = { clientId: { $in: clientIds.filter((id) => id !== NONE) } };
  return clientIds.includes(NONE) ? { $or: [{ clientId: { $exists: false } }, named] } : named;
}

function toView({
  _id,
  type,
  category,
  timestamp,
  issuerId,
  requestId,
  clientId,
  metadata,
  data,
}: EventDocument): Exact<z.output<typeof eventSchema>> {
  return {
    id: _id,
    type,
    category,
    timestamp: timestamp.toISOString(),
    version: 1,
    tenantId: issuerId,
    requestId,
    ...(clientId === undefined ? {} : { clientId }),
    metadata,
    data,
  };
}
