import { z } from 'zod';
import { ownTypeOf } from '../../../credentials/cwt/semantic.js';
import type { Exact } from '../validation.js';
import { compactRequestMembers, compactViewMembers } from './compact.schema.js';
import { typeName } from './configuration-members.schema.js';

const MOST_TYPES = 20;

/** Of a list `VerifiableCredential` may be one. */
const typeList = z
  .array(z.union([z.literal('VerifiableCredential'), typeName]))
  .min(1)
  .max(MOST_TYPES)
  .refine((types) => new Set(types).size === types.length, { message: 'has an entry twice' })
  .refine((types) => ownTypeOf(types) !== undefined, { message: 'must have a type beside VerifiableCredential' });

const type = z.union([typeName, typeList]).meta({
  description:
    'Its type, or all its types: the first beside `VerifiableCredential` is unique among the compact and semantic compact configurations.',
  example: 'WorkPermit',
});

/** What creates a semantic compact configuration, or replaces one in full. */
export const compactSemanticRequestSchema = z
  .strictObject({ type, ...compactRequestMembers })
  .meta({ id: 'CompactSemanticConfigurationRequest' });

export type CompactSemanticRequest = Exact<z.output<typeof compactSemanticRequestSchema>>;

export const compactSemanticSchema = z.strictObject({ ...compactViewMembers, type }).meta({ id: 'CompactSemanticConfiguration' });
