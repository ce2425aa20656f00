import { z } from 'zod';
import { addDuration } from '../../../credentials/expiry.js';
import { DEFAULT_EXPIRY, DEFAULT_TIME_TO_LIVE } from '../../../credentials/status/list-times.js';
import { duration, typeName } from '../credential-configurations/configuration-members.schema.js';
import type { Exact } from '../validation.js';

const members = {
  timeToLiveDuration: duration.default(DEFAULT_TIME_TO_LIVE),
  expiryDuration: duration.default(DEFAULT_EXPIRY),
};

interface Durations {
  readonly timeToLiveDuration: object;
  readonly expiryDuration: object;
}

/** TSL-07: nobody keeps a copy for longer than it is good. */
function endsInTime({ timeToLiveDuration, expiryDuration }: Durations, context: z.RefinementCtx): void {
  if (addDuration(0, timeToLiveDuration) <= addDuration(0, expiryDuration)) return;
  context.addIssue({ code: 'custom', message: 'must not be longer than expiryDuration', path: ['timeToLiveDuration'] });
}

/** What creates a status list configuration. */
export const statusListConfigurationRequestSchema = z
  .strictObject({ docType: typeName.meta({ description: 'Unique; fixed from then on.' }), ...members })
  .superRefine(endsInTime)
  .meta({ id: 'StatusListConfigurationRequest' });

/** What replaces its durations. */
export const statusListConfigurationUpdateSchema = z
  .strictObject({
    id: z.string().max(64).optional().meta({ description: 'Ignored; a record that was read may be written back.' }),
    docType: z.string().max(1024).optional().meta({ description: 'Likewise: it cannot be changed.' }),
    ...members,
  })
  .superRefine(endsInTime)
  .meta({ id: 'StatusListConfigurationUpdate' });

export const statusListConfigurationSchema = z
  .strictObject({ id: z.uuid(), docType: z.string(), timeToLiveDuration: duration, expiryDuration: duration })
  .meta({ id: 'StatusListConfiguration' });

/** A mobile status list. */
export const mobileStatusListSchema = z
  .strictObject({
    id: z.uuid(),
    iacaId: z.string().optional(),
    statusListConfigurationId: z.string().optional().meta({ description: 'Absent where the defaults hold.' }),
    listSize: z.int(),
    list: z.string().meta({ description: 'As published: the compressed entries, base64url.' }),
  })
  .meta({ id: 'MobileStatusList' });

export type MobileStatusListView = Exact<z.output<typeof mobileStatusListSchema>>;
