import type { Request } from 'express';
import { ManagementError } from '../http/errors.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id in the path of a record whose ids are UUIDs.
 *
 * @throws {ManagementError} 404 for what no record has as its id
 */
export function uuidParameter(request: Request): string {
  const { id } = request.params;
  if (!isUuid(id)) throw ManagementError.notFound();
  return id;
}

/** Whether something can be the id of a record whose ids are UUIDs. */
export function isUuid(id: unknown): id is string {
  return typeof id === 'string' && UUID.test(id);
}
