import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { JsonLdContextDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';

const PREFIX = `${DEFAULT_ISSUER_ID}/`;
const ID = /^[A-Za-z0-9_-]{43}$/;

/** The record's `_id`, and in it what the API calls its id: a hash of the URL. */
export function recordIdOf(url: string): string {
  return `${PREFIX}${createHash('sha256').update(url).digest('base64url')}`;
}

/** The record as the API shows it. */
export function toView({ _id, url, content }: JsonLdContextDocument): Readonly<Record<string, unknown>> {
  return { id: _id.slice(PREFIX.length), url, content: JSON.parse(content) as unknown };
}

/** @throws {ManagementError} 404 */
export async function requireJsonLdContext({ db }: ApiContext, { params: { id } }: Request): Promise<JsonLdContextDocument> {
  if (typeof id !== 'string' || !ID.test(id)) throw ManagementError.notFound();
  const document = await db.jsonLdContexts.findOne({ _id: PREFIX + id, issuerId: DEFAULT_ISSUER_ID });
  if (document === null) throw ManagementError.notFound('id', id);
  return document;
}
