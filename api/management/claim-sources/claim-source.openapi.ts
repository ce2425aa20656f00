import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { claimSourceRequestSchema, claimSourceSchema } from './claim-source.schema.js';
import { claimSourceListQuery } from './read-claim-source.js';

const PATH = '/v1/claim-sources';

export function registerClaimSources(registry: OpenAPIRegistry): void {
  const common = (action: string) =>
    ({ tag: 'Claims sources', stem: `CLAIM_SOURCE_${action}`, roles: ['admin', 'issuer', 'managed-issuer'] }) as const;
  const requestSchema = claimSourceRequestSchema([]);
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path: PATH,
    summary: 'Create a claims source',
    body: requestSchema,
    status: 201,
    answer: claimSourceSchema,
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path: PATH,
    summary: 'List the claims sources',
    query: claimSourceListQuery,
    status: 200,
    answer: pageSchema(claimSourceSchema),
  });
  const one = { path: `${PATH}/{id}`, id: true } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    summary: 'Read a claims source',
    description: 'Secrets are masked.',
    status: 200,
    answer: claimSourceSchema,
  });
  registerManagementOperation(registry, {
    ...common('UPDATE'),
    ...one,
    method: 'put',
    summary: 'Replace a claims source in full',
    body: requestSchema,
    status: 200,
    answer: claimSourceSchema,
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: 'Delete a claims source',
    status: 204,
    conflict: 'A credential configuration uses it.',
  });
}
