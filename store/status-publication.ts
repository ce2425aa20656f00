import { isDuplicateKey, type Database } from './database.js';
import type { PublishedStatusListDocument, StatusEntryDocument, StatusListDocument } from './status-documents.js';

type ChangedEntry = Pick<StatusEntryDocument, 'index' | 'status'>;

/** Builds and signs every form of a list that says this. */
export type SignList = (
  list: StatusListDocument,
  changed: readonly ChangedEntry[],
) => Promise<Pick<PublishedStatusListDocument, 'forms' | 'issuedAt' | 'expiresAt' | 'ttlSeconds'>>;

interface PublicationScope {
  readonly db: Database;
  readonly issuerId: string;
}

/** Which list. */
export interface StatusListAddress {
  readonly issuerId: string;
  readonly listId: string;
}

/** Asks for a list to be published anew; resolved once that is certain to happen. */
export interface StatusPublications {
  request(address: StatusListAddress): Promise<void>;
}

/**
 * Publishes a list as its entries are. Of two publications at once the newer one stands: that of the later revision, or of
 * the same revision signed later. Does nothing for a list that does not exist.
 */
export async function publishStatusList({
  db,
  issuerId,
  listId,
  sign,
}: PublicationScope & { readonly listId: string; readonly sign: SignList }): Promise<void> {
  // The revision first: entries are changed before it, so those read after it are at least that new.
  const list = await db.statusLists.findOne({ _id: listId, issuerId });
  if (list === null) return;
  const changed = await db.statusEntries
    .find({ issuerId, listId, status: { $gt: 0 } }, { projection: { _id: 0, index: 1, status: 1 } })
    .toArray();
  const signed = await sign(list, changed);
  await writePublication(db, { _id: listId, issuerId, revision: list.revision, ...signed });
}

async function writePublication(db: Database, publication: PublishedStatusListDocument): Promise<void> {
  const { _id, issuerId, revision, issuedAt } = publication;
  const older = { $or: [{ revision: { $lt: revision } }, { revision, issuedAt: { $lt: issuedAt } }] };
  // Once more where somebody published for the first time in between.
  for (let attempts = 0; attempts < 2; attempts += 1) {
    const { matchedCount } = await db.publishedStatusLists.replaceOne({ _id, issuerId, ...older }, publication);
    if (matchedCount === 1) return;
    try {
      await db.publishedStatusLists.insertOne(publication);
      return;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

const PAGE = 100;

/**
 * The lists that are to be published: whose publication is past half of its life, or older than their revision, or not
 * there.
 *
 * @param options.now milliseconds since the epoch
 */
export async function* dueStatusLists({
  db,
  issuerId,
  now,
}: PublicationScope & { readonly now: number }): AsyncGenerator<StatusListDocument> {
  let after: string | undefined;
  for (;;) {
    const page = await db.statusLists
      .find({ issuerId, ...(after === undefined ? {} : { _id: { $gt: after } }) })
      .sort({ _id: 1 })
      .limit(PAGE)
      .toArray();
    const published = await db.publishedStatusLists
      .find({ _id: { $in: page.map(({ _id }) => _id) }, issuerId }, { projection: { forms: 0 } })
      .toArray();
    const byId = new Map(published.map((publication) => [publication._id, publication]));
    for (const list of page) if (isDue(list, byId.get(list._id), now)) yield list;
    after = page.at(-1)?._id;
    if (page.length < PAGE) return;
  }
}

function isDue(
  { revision }: StatusListDocument,
  publication: Pick<PublishedStatusListDocument, 'revision' | 'issuedAt' | 'expiresAt'> | undefined,
  now: number,
): boolean {
  if (publication === undefined || publication.revision < revision) return true;
  const { issuedAt, expiresAt } = publication;
  return now >= issuedAt + (expiresAt - issuedAt) / 2;
}
