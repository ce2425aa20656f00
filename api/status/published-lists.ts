import { createHash } from 'node:crypto';
import { gzipCompress } from '../../credentials/status/compression.js';
import { CWT_FORM } from '../../credentials/status/status-forms.js';
import type { Database } from '../../store/database.js';
import type { PublishedStatusListDocument, StatusListDocument } from '../../store/status-documents.js';
import { isUnavailable } from '../http/unavailable.js';

/** Bytes ready to send. */
export interface ServedBytes {
  readonly body: Buffer;
  /** Strong: of the very bytes. */
  readonly etag: string;
}

/** One form of a list. */
export interface ServedForm extends ServedBytes {
  /** The same in fewer bytes (TSL-03), where that is so. */
  readonly gzipped?: ServedBytes;
}

/** A list as it is served. */
export interface ServedList {
  readonly list: Pick<StatusListDocument, '_id' | 'profile' | 'mechanism'>;
  readonly publication: Omit<PublishedStatusListDocument, 'forms'>;
  readonly forms: ReadonlyMap<string, ServedForm>;
}

interface Entry {
  readonly served: ServedList;
  checkedAt: number;
}

const CHECK_AFTER_MS = 1000;
const MOST_LISTS = 64;

/**
 * The published lists, of which the last used are held in memory: at most a second behind the database, and while that is
 * away, for as long as it is.
 */
export class PublishedLists {
  readonly #db: Database;
  readonly #issuerId: string;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #reading = new Map<string, Promise<ServedList | undefined>>();

  /** @param options.now milliseconds since the epoch */
  constructor({ db, issuerId, now }: { db: Database; issuerId: string; now: () => number }) {
    this.#db = db;
    this.#issuerId = issuerId;
    this.#now = now;
  }

  /** @returns `undefined` for what is no list, or one that was never published */
  async get(listId: string): Promise<ServedList | undefined> {
    const entry = this.#entries.get(listId);
    if (entry !== undefined && this.#now() - entry.checkedAt <= CHECK_AFTER_MS) return entry.served;
    // Of many who ask at once one looks.
    const reading = this.#reading.get(listId) ?? this.#read(listId, entry).finally(() => this.#reading.delete(listId));
    this.#reading.set(listId, reading);
    return reading;
  }

  async #read(listId: string, known: Entry | undefined): Promise<ServedList | undefined> {
    try {
      return await this.#readAnew(listId, known);
    } catch (error) {
      if (known === undefined || !isUnavailable(error)) throw error;
      return known.served;
    }
  }

  async #readAnew(listId: string, known: Entry | undefined): Promise<ServedList | undefined> {
    const filter = { _id: listId, issuerId: this.#issuerId };
    const checkedAt = this.#now();
    if (known !== undefined) {
      const current = await this.#db.publishedStatusLists.findOne(filter, { projection: { revision: 1, issuedAt: 1 } });
      const { revision, issuedAt } = known.served.publication;
      if (current?.revision === revision && current.issuedAt === issuedAt) {
        known.checkedAt = checkedAt;
        return known.served;
      }
    }
    const [list, published] = await Promise.all([
      this.#db.statusLists.findOne(filter, { projection: { profile: 1, mechanism: 1 } }),
      this.#db.publishedStatusLists.findOne(filter),
    ]);
    if (list === null || published === null) return undefined;
    const { forms, ...publication } = published;
    const named = Object.entries(forms).map(async ([name, form]) => [name, await toServed(name, form, list)] as const);
    const served = { list, publication, forms: new Map(await Promise.all(named)) };
    this.#keep(listId, { served, checkedAt });
    return served;
  }

  #keep(listId: string, entry: Entry): void {
    this.#entries.delete(listId);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= MOST_LISTS && oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(listId, entry);
  }
}

/** CWTs are kept in base64, and sent as the bytes they are (TSL-01). */
async function toServed(name: string, form: string, { mechanism }: Pick<StatusListDocument, 'mechanism'>): Promise<ServedForm> {
  const isBinary = name === CWT_FORM || mechanism === 'cwt-revocation-list';
  if (isBinary) return servedBytes(Buffer.from(form, 'base64'));
  const plain = servedBytes(Buffer.from(form, 'utf8'));
  // A list is compressed already, but not its base64.
  const gzipped = servedBytes(Buffer.from(await gzipCompress(plain.body)));
  return gzipped.body.length < plain.body.length ? { ...plain, gzipped } : plain;
}

function servedBytes(body: Buffer): ServedBytes {
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` };
}
