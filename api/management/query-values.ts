import { z } from 'zod';

/** A query parameter that may be repeated or hold a comma list, as a list of at most 100 different values. */
export const listParameter = z
  .union([z.string(), z.array(z.string())])
  .transform((given, context) => {
    const values = [given].flat().flatMap((part) => part.split(','));
    const distinct = [...new Set(values.map((value) => value.trim()))].filter((value) => value !== '');
    if (distinct.length === 0 || distinct.length > 100 || distinct.some((value) => value.length > 256)) {
      context.addIssue({ code: 'custom', message: 'must be 1 to 100 values of at most 256 characters, separated by commas' });
      return z.NEVER;
    }
    return distinct;
  })
  .meta({ type: 'string' });

/** An instant or a day, as ISO 8601. */
export const dateParameter = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], 'must be an ISO 8601 date or date-time, e.g. 2026-01-31T12:00:00Z')
  .transform((value) => new Date(value))
  .meta({ type: 'string' });
