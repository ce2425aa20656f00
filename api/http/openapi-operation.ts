import type { OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { Role } from '../../store/documents.js';

/** MATTR's error shape. */
export const managementErrorSchema = z
  .strictObject({
    code: z.string().meta({ example: 'BadRequest' }),
    message: z.string().meta({ example: 'Validation Error' }),
    details: z
      .array(
        z.strictObject({
          value: z.unknown().optional(),
          msg: z.string(),
          param: z.string(),
          location: z.enum(['body', 'query', 'params', 'headers']),
        }),
      )
      .optional(),
  })
  .meta({ id: 'ManagementError' });

export const oauthErrorSchema = z.strictObject({ error: z.string(), error_description: z.string() }).meta({ id: 'OAuthError' });

const unauthorizedSchema = z.literal('Unauthorized');

type Responses = RouteConfig['responses'];
type Method = 'get' | 'post' | 'put' | 'delete';

/** A management operation, as the API's description shows it. */
export interface ManagementOperation {
  readonly method: Method;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Stem of its events in the event log. */
  readonly stem: string;
  readonly roles: readonly Role[];
  readonly id?: boolean;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 204;
  readonly answer?: z.ZodType;
  /** Media type of the answer, where it is no JSON. */
  readonly answerType?: string;
  /** It may be refused with 409. */
  readonly conflict?: string;
  /** Without a query or body, it may still be refused with 400. */
  readonly refusal?: string;
  /** What callers without a token get at the same path, for ids of their own. */
  readonly inPublic?: { readonly answer: z.ZodType; readonly refusal: z.ZodType };
}

/** Describes a management operation together with the refusals that every one of them may give. */
export function registerManagementOperation(registry: OpenAPIRegistry, operation: ManagementOperation): void {
  const { method, path, tag, summary, description, stem, roles, id = false, query, headers, body, status, inPublic } = operation;
  const answer =
    inPublic === undefined || operation.answer === undefined ? operation.answer : z.union([operation.answer, inPublic.answer]);
  const notes = [description, `Roles: ${roles.join(', ')}.`, `Events: \`${stem}_START\`, \`${stem}_SUCCESS\`, \`${stem}_FAIL\`.`];
  registry.registerPath({
    method,
    path,
    tags: [tag],
    operationId: `${method}${path.replace(/[^A-Za-z0-9]+(.)?/g, (_match, letter: string | undefined) => (letter ?? '').toUpperCase())}`,
    summary,
    description: notes.filter((note) => note !== undefined).join('\n\n'),
    security: [{ managementToken: [] }, ...(inPublic === undefined ? [] : [{}])],
    request: {
      ...(id ? { params: z.object({ id: z.string() }) } : {}),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body: { required: true, content: json(body) } }),
    },
    responses: {
      [status]: {
        description: 'Done.',
        ...(answer === undefined ? {} : { content: { [operation.answerType ?? 'application/json']: { schema: answer } } }),
      },
      ...refusals(operation),
    },
  });
}

function refusals({ id, query, body, headers, conflict, refusal, inPublic }: ManagementOperation): Responses {
  const schema = inPublic === undefined ? managementErrorSchema : z.union([managementErrorSchema, inPublic.refusal]);
  const error = (description: string) => ({ description, content: json(schema) });
  return {
    ...(query !== undefined || body !== undefined || headers !== undefined
      ? { 400: error('The request is at fault; `details` says where.') }
      : refusal === undefined
        ? {}
        : { 400: error(refusal) }),
    401: { description: 'No valid access token.', content: json(unauthorizedSchema) },
    403: { description: 'The client has none of the roles. Without a body.' },
    ...(id === true ? { 404: error('There is no such record.') } : {}),
    ...(conflict === undefined ? {} : { 409: error(conflict) }),
    ...(body === undefined ? {} : { 413: error('The body is too large.'), 415: error('The body is not `application/json`.') }),
    429: error('Too many requests; `Retry-After` says how long to wait.'),
    500: error('An unexpected fault.'),
    503: error('A dependency is away; try again after `Retry-After`.'),
  };
}

/** A page of a list. */
export function pageSchema(record: z.ZodType) {
  return z.strictObject({
    nextCursor: z.string().optional().meta({ description: 'Absent on the last page.' }),
    data: z.array(record),
  });
}

export function json(schema: z.ZodType) {
  return { 'application/json': { schema } };
}
