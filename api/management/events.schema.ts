import { z } from 'zod';
import { pageQuery } from './pagination.js';
import { dateParameter, listParameter } from './query-values.js';

const special = '`none` stands for events without one, `*` for those with any.';

export const eventListQuery = z.object({
  ...pageQuery,
  ids: listParameter.optional(),
  requestIds: listParameter.optional().meta({ description: 'A request id joins the events of one call.' }),
  categories: listParameter.optional().meta({ description: 'Events of one of the categories, or of one of the `types`.' }),
  types: listParameter.optional().meta({ description: 'e.g. `OPENID_TOKEN_SUCCESS`.' }),
  dateFrom: dateParameter.optional(),
  dateTo: dateParameter.optional(),
  clientIds: listParameter.optional().meta({ description: special }),
  managementUserIds: listParameter.optional().meta({ description: `${special} No event of this issuer has one.` }),
});

export const eventSchema = z
  .strictObject({
    id: z.string(),
    type: z.string(),
    category: z.string(),
    timestamp: z.iso.datetime(),
    version: z.literal(1),
    tenantId: z.string().meta({ description: 'The issuer.' }),
    requestId: z.string(),
    clientId: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });
