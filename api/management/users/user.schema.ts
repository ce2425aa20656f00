import { z } from 'zod';
import { jsonBoundsFault } from '../json-bounds.js';
import { pageQuery } from '../pagination.js';
import type { Exact } from '../validation.js';

const CLAIMS_BOUNDS = { depth: 8, bytes: 65_536 };
const SEARCH_BOUNDS = { depth: 8, bytes: 8192 };
/** Bounds the work of a comparison, together with what a search examines. */
const MOST_SEARCHED_VALUES = 50;

const claims = z.record(z.string(), z.unknown()).superRefine((value, context) => {
  const message = jsonBoundsFault(value, CLAIMS_BOUNDS);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

const providerId = z.string().min(1).max(128).meta({ description: 'Id of an authentication provider.' });
/** OpenID Connect Core 2: at most 255 ASCII characters. */
const subjectId = z.string().min(1).max(255).meta({ description: 'The `sub` that the provider knows the user by.' });

/** What creates a user, or replaces one in full. It may be what was read. */
export const userRequestSchema = z
  .strictObject({
    id: z.string().max(64).optional().meta({ description: 'Ignored; a record that was read may be written back.' }),
    claims: claims.default({}).meta({
      description: 'Kept for later issuances: at most 64 kB and 8 levels. Refused where the issuer keeps no claims.',
    }),
    authenticationProvider: z
      .strictObject({
        providerId,
        subjectId,
        url: z.string().max(2048).optional().meta({ description: "Ignored: it is the provider's." }),
      })
      .optional()
      .meta({ description: 'Whoever logs in there under that subject is this user: link nobody who did not prove it.' }),
  })
  .meta({ id: 'UserRequest' });

export type UserRequest = Exact<z.output<typeof userRequestSchema>>;

const searchedClaims = z
  .record(z.string(), z.unknown())
  .superRefine((value, context) => {
    const message =
      jsonBoundsFault(value, SEARCH_BOUNDS) ??
      (countValues(value) > MOST_SEARCHED_VALUES ? `must hold at most ${MOST_SEARCHED_VALUES} values` : undefined);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({
    description:
      'Claims that the user has at least: objects are compared member by member, and of an array every element given must be there.',
  });

/** What a search asks for; users fit who fit all of it. */
export const userSearchSchema = z
  .strictObject({
    claims: searchedClaims.optional(),
    authenticationProvider: z.strictObject({ providerId: providerId.optional(), subjectId: subjectId.optional() }).optional(),
    limit: z.int().min(1).max(1000).default(100),
    cursor: pageQuery.cursor,
  })
  .meta({ id: 'UserSearch' });

export type UserSearch = Exact<z.output<typeof userSearchSchema>>;

export const userSchema = z
  .strictObject({
    id: z.string(),
    claims: z.record(z.string(), z.unknown()),
    authenticationProvider: z.strictObject({ providerId: z.string(), url: z.string(), subjectId: z.string() }).optional(),
  })
  .meta({ id: 'User' });

export type UserView = Exact<z.output<typeof userSchema>>;

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((count: number, member) => count + countValues(member), 1);
}
