import { z } from 'zod';
import { httpsUrl } from '../credential-configurations/w3c-members.schema.js';
import { jsonBoundsFault } from '../json-bounds.js';

const LIMITS = { depth: 24, bytes: 65_536 };

const url = httpsUrl.meta({
  description: 'By which credentials name it.',
  example: 'https://issuer.example/contexts/employee/v1',
});

const content = z
  .record(z.string(), z.unknown())
  .superRefine((value, context) => {
    if (!Object.hasOwn(value, '@context')) context.addIssue({ code: 'custom', message: 'needs @context' });
    const message = jsonBoundsFault(value, LIMITS);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({ description: 'The JSON-LD document as it is published at the URL: an object with `@context`.' });

/** What uploads a context. */
export const jsonLdContextRequestSchema = z.strictObject({ url, content }).meta({ id: 'JsonLdContextRequest' });

export const jsonLdContextSchema = z
  .strictObject({ id: z.string(), url, content: z.record(z.string(), z.unknown()) })
  .meta({ id: 'JsonLdContext' });
