import { z } from 'zod';
import { didString } from '../did-string.schema.js';
import { typeName } from './configuration-members.schema.js';

const MOST_TYPES = 20;
const MOST_CONTEXTS = 20;
const LONGEST_URL = 2048;

const ALREADY_THERE: ReadonlySet<string> = new Set([
  'https://www.w3.org/2018/credentials/v1',
  'https://www.w3.org/ns/credentials/v2',
]);

/** An https URL without what a browser would add or take away. */
export const httpsUrl = z
  .string()
  .max(LONGEST_URL)
  .refine((value) => URL.canParse(value) && new URL(value).protocol === 'https:', { message: 'must be an https URL' });

export const w3cType = typeName.meta({
  description: 'Follows `VerifiableCredential` among the types; unique within the profile.',
  example: 'EmployeeCredential',
});

export const additionalTypes = z
  .array(typeName.refine((value) => !/\s/.test(value), { message: 'must not hold white space' }))
  .max(MOST_TYPES)
  .superRefine((values, context) => {
    for (const index of repeats(values)) context.addIssue({ code: 'custom', message: 'is there twice', path: [index] });
  })
  .meta({ description: 'After `VerifiableCredential` and `type`.' });

export const contexts = z
  .array(
    httpsUrl.refine((value) => !ALREADY_THERE.has(value), { message: "is the data model's own context, which comes by itself" }),
  )
  .max(MOST_CONTEXTS)
  .superRefine((values, context) => {
    for (const index of repeats(values)) context.addIssue({ code: 'custom', message: 'is there twice', path: [index] });
  })
  .meta({ description: 'JSON-LD contexts after those that come by themselves.' });

/** What configurations of both W3C profiles have beside MATTR's members. */
export const w3cMembers = {
  issuerDid: didString.optional().meta({ description: "A DID of the issuer's; without it, its did:web." }),
};

export const vcdmVersion = z.enum(['1.1', '2.0']).meta({ description: 'Of the W3C data model. Default 1.1.' });
export const includeId = z.boolean().meta({ description: 'Whether credentials have an `id`. Default true.' });
export const holderBinding = z.boolean().meta({ description: 'False for credentials about nobody in particular. Default true.' });

/** Indices of values that an earlier index has. */
function repeats(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
}
