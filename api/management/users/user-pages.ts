import type { Filter } from 'mongodb';
import type { UserDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { after, formatCursor, type Position } from '../pagination.js';
import { toView } from './user-record.js';
import type { UserView } from './user.schema.js';

const BATCH = 100;
const MOST_USERS = 1000;
/** Of sealed claims, base64url: as much as is opened for one page. */
const MOST_CHARACTERS = 16_777_216;

/** Which users to look through, oldest first, and how far. */
export interface UserSelection {
  readonly limit: number;
  readonly cursor?: Position;
  /** Only among these ids. */
  readonly ids?: readonly string[];
  /** Only those that fit. */
  readonly matches?: (user: UserView) => boolean;
}

/**
 * A page of users. What they are is sealed, so each must be opened: a page examines at most 1,000 users and 16 MB, so that
 * it may hold few or none and still name a next one.
 */
export async function pageOfUsers(
  context: ApiContext,
  selection: UserSelection,
): Promise<{ data: UserView[]; nextCursor?: string }> {
  const { limit, matches = () => true } = selection;
  const data: UserView[] = [];
  let position = selection.cursor;
  let [users, characters] = [0, 0];
  for (;;) {
    const size = selection.matches === undefined ? Math.min(BATCH, limit - data.length) : BATCH;
    const { records, isLast } = await readBatch(context, { selection, position, size });
    for (const [index, record] of records.entries()) {
      const view = toView(context.ring, record);
      if (matches(view)) data.push(view);
      position = { at: record.createdAt, id: record._id };
      users += 1;
      characters += record.claims?.data.length ?? 0;
      if (isLast && index === records.length - 1) return { data };
      if (data.length === limit || users === MOST_USERS || characters >= MOST_CHARACTERS)
        return { nextCursor: formatCursor(position), data };
    }
    if (isLast) return { data };
  }
}

interface Batch {
  readonly selection: UserSelection;
  readonly position: Position | undefined;
  readonly size: number;
}

async function readBatch(
  { db }: ApiContext,
  { selection: { ids }, position, size }: Batch,
): Promise<{ records: UserDocument[]; isLast: boolean }> {
  const filter: Filter<UserDocument> = { issuerId: DEFAULT_ISSUER_ID, ...(ids === undefined ? {} : { _id: { $in: ids } }) };
  const found = await db.users
    .find({ $and: [filter, ...after<UserDocument>(position, { field: 'createdAt', order: 'ascending' })] })
    .sort({ createdAt: 1, _id: 1 })
    .limit(size + 1)
    .toArray();
  return { records: found.slice(0, size), isLast: found.length <= size };
}
