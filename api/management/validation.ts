import type { Request } from 'express';
import type { z } from 'zod';
import type { ApiContext } from '../context.js';
import { ManagementError, type ErrorDetail } from '../http/errors.js';
import { readJsonBody } from '../http/request-body.js';

type Location = ErrorDetail['location'];

/** A value read from JSON or a query: an optional member is there or not, never there as `undefined`. */
export type Exact<T> = T extends readonly (infer E)[]
  ? Exact<E>[]
  : T extends Date
    ? T
    : T extends object
      ? { [K in keyof T]: Exact<Exclude<T[K], undefined>> }
      : T;

const MOST_DETAILS = 100;

/**
 * Reads a JSON body and checks it against a schema.
 *
 * @throws {ManagementError} 400 with every fault
 * @throws {RequestBodyError}
 */
export async function readBody<S extends z.ZodType>(
  request: Request,
  schema: S,
  { config }: ApiContext,
): Promise<Exact<z.output<S>>> {
  const body = await readJsonBody(request, { maxBytes: config.REQUEST_MAX_BYTES });
  requireOrdinaryNames(body);
  return validate(body, schema, 'body');
}

/** @throws {ManagementError} 400 with every fault */
export function readQuery<S extends z.ZodType>(request: Request, schema: S): Exact<z.output<S>> {
  return validate(request.query, schema, 'query');
}

function validate<S extends z.ZodType>(value: unknown, schema: S, location: Location): Exact<z.output<S>> {
  const result = schema.safeParse(value);
  if (result.success) return result.data as Exact<z.output<S>>;
  throw ManagementError.validation(detailsOf(result.error.issues, location).slice(0, MOST_DETAILS));
}

/** Below this depth the schemas take nothing. */
const DEEPEST_NAME = 40;

/** The schemas would drop a member `__proto__` without a word, and the database holds no name with a NUL in it. */
function requireOrdinaryNames(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null || depth > DEEPEST_NAME) return;
  if (Object.hasOwn(value, '__proto__')) {
    throw ManagementError.validation([{ msg: 'must not be the name of a member', param: '__proto__', location: 'body' }]);
  }
  for (const [name, member] of Object.entries(value)) {
    if (name.includes('\0')) {
      throw ManagementError.validation([{ msg: 'has a member whose name holds a NUL', param: '', location: 'body' }]);
    }
    requireOrdinaryNames(member, depth + 1);
  }
}

/** Names every fault by its place. Values are left out: they may be claims or secrets. */
function detailsOf(issues: readonly z.core.$ZodIssue[], location: Location): ErrorDetail[] {
  return issues.flatMap((issue): ErrorDetail[] => {
    const param = pathOf(issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ msg: messageOf(issue), param, location }];
    return issue.keys.map((key) => ({ msg: 'is not a known member', param: param === '' ? key : `${param}.${key}`, location }));
  });
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is required';
  return issue.message.replace(/^Invalid input: /, '');
}

/** `credentials[0]`, `claimMappings.given_name.mapFrom`. */
export function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
