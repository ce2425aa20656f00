import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { jsonLdContextRequestSchema, jsonLdContextSchema } from './json-ld-context.schema.js';
import { jsonLdContextListQuery } from './read-json-ld-context.js';

const PATH = '/v2/credentials/web-semantic/contexts';

export function registerJsonLdContexts(registry: OpenAPIRegistry): void {
  const common = (action: string) =>
    ({
      tag: 'JSON-LD contexts',
      stem: `CREDENTIAL_WEB_SEMANTIC_CONTEXT_${action}`,
      roles: ['admin', 'issuer'],
    }) as const;
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path: PATH,
    summary: 'Upload a JSON-LD context',
    description:
      'No context is ever fetched: those of W3C are built in, others are uploaded. The content is for good, since signatures depend on it.',
    body: jsonLdContextRequestSchema,
    status: 201,
    answer: jsonLdContextSchema,
    conflict: 'There is a context of this URL, or there are as many as there may be.',
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path: PATH,
    summary: 'List the uploaded contexts',
    query: jsonLdContextListQuery,
    status: 200,
    answer: pageSchema(jsonLdContextSchema),
  });
  const one = { path: `${PATH}/{id}`, id: true } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    summary: 'Read an uploaded context',
    status: 200,
    answer: jsonLdContextSchema,
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: 'Delete an uploaded context',
    status: 204,
    refusal: 'A credential configuration uses it.',
  });
}
