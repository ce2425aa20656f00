import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { StoredDocument } from '../../store/documents.js';

/** Where a list goes on: after the record with this sort key and id. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

const positionSchema = z.tuple([z.int().min(0).max(8_640_000_000_000_000), z.string().min(1).max(256)]);

/** An opaque cursor; reads back as a `Position`. */
const cursorSchema = z
  .string()
  .max(1024)
  .transform((text, context): Position => {
    const result = positionSchema.safeParse(parseCursor(text));
    if (result.success) return { at: new Date(result.data[0]), id: result.data[1] };
    context.addIssue({ code: 'custom', message: 'is not a cursor that this list gave out' });
    return z.NEVER;
  });

/** `limit` (1 to 1000, default 100) and `cursor`, as every list takes them. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^(?:1000|[1-9][0-9]{0,2})$/, 'must be a number from 1 to 1000')
    .transform(Number)
    .default(100)
    .meta({ type: 'integer', minimum: 1, maximum: 1000, description: 'Most records of the page.' }),
  cursor: cursorSchema.optional().meta({ description: '`nextCursor` of the page before.' }),
};

/** A page in MATTR's shape; without `nextCursor` it is the last. */
export function pageOf<T, V>(
  records: readonly T[],
  { limit, position, view }: PageShape<T, V>,
): { data: V[]; nextCursor?: string } {
  const last = records.length > limit ? records[limit - 1] : undefined;
  return {
    ...(last === undefined ? {} : { nextCursor: formatCursor(position(last)) }),
    data: records.slice(0, limit).map(view),
  };
}

interface PageShape<T, V> {
  /** Most records of the page. Whether there are more shows in one record beyond it. */
  readonly limit: number;
  readonly position: (record: T) => Position;
  readonly view: (record: T) => V;
}

export function formatCursor({ at, id }: Position): string {
  return Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');
}

/**
 * The filter of a list sorted by a date and then `_id`, from a position on. Its bound on the date is what the index
 * serves; the rest only settles records of one instant.
 */
export function after<T extends StoredDocument>(
  position: Position | undefined,
  { field, order }: { field: keyof T & string; order: 'ascending' | 'descending' },
): Filter<T>[] {
  if (position === undefined) return [];
  const { at, id } = position;
  const [beyond, reaching] = order === 'ascending' ? (['$gt', '$gte'] as const) : (['$lt', '$lte'] as const);
  return [
    { [field]: { [reaching]: at } } as Filter<T>,
    { $or: [{ [field]: { [beyond]: at } }, { _id: { [beyond]: id } }] } as unknown as Filter<T>,
  ];
}

function parseCursor(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
