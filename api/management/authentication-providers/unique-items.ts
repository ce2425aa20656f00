import type { z } from 'zod';

/** The same list, with a fault at every text that is there a second time. */
export function unique<T extends z.ZodType<readonly string[]>>(schema: T): T {
  return schema.superRefine((values, context) => {
    for (const [index, value] of values.entries()) {
      if (values.indexOf(value) < index) context.addIssue({ code: 'custom', message: 'is there twice', path: [index] });
    }
  });
}
