import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { iacaRequestSchema, iacaSchema, iacaUpdateSchema } from './iaca.schema.js';
import { iacaListQuery } from './read-iaca.js';

const PATH = '/v2/credentials/mobile/iacas';

export function registerIacas(registry: OpenAPIRegistry): void {
  const common = (action: string) =>
    ({ tag: 'Mobile credential certificates', stem: `MOBILE_CREDENTIAL_IACA_${action}`, roles: ['admin', 'issuer'] }) as const;
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path: PATH,
    summary: 'Create or register an IACA root certificate',
    description: 'It is inactive until `PUT {"active": true}`. A managed one has its signers at once.',
    body: iacaRequestSchema,
    status: 201,
    answer: iacaSchema,
    conflict: 'There are three already.',
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path: PATH,
    summary: 'List the IACAs',
    query: iacaListQuery,
    status: 200,
    answer: pageSchema(iacaSchema),
  });
  const one = { path: `${PATH}/{id}`, id: true } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    summary: 'Read an IACA',
    status: 200,
    answer: iacaSchema,
  });
  registerManagementOperation(registry, {
    ...common('UPDATE'),
    ...one,
    method: 'put',
    summary: 'Activate or deactivate an IACA',
    body: iacaUpdateSchema,
    status: 200,
    answer: iacaSchema,
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: 'Delete an IACA with its signers, their keys and its revocation list',
    status: 204,
    conflict: 'It is active.',
  });
}
