import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { configurationReplacementSchema, configurationRequestSchema, configurationSchema } from './configuration.schema.js';
import { configurationListQuery } from './read-configuration.js';

const PATH = '/v2/credentials/sd-jwt/configurations';

export function registerConfigurations(registry: OpenAPIRegistry): void {
  const common = (action: string) =>
    ({
      tag: 'SD-JWT credential configurations',
      stem: `CREDENTIAL_SD_JWT_CREDENTIAL_CONFIGURATION_${action}`,
      roles: ['admin', 'issuer'],
    }) as const;
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path: PATH,
    summary: 'Create a configuration',
    description: 'The issuer metadata offers it at once.',
    body: configurationRequestSchema,
    status: 201,
    answer: configurationSchema,
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path: PATH,
    summary: 'List the configurations',
    query: configurationListQuery,
    status: 200,
    answer: pageSchema(configurationSchema),
  });
  const one = { path: `${PATH}/{id}`, id: true } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    summary: 'Read a configuration',
    status: 200,
    answer: configurationSchema,
  });
  registerManagementOperation(registry, {
    ...common('UPDATE'),
    ...one,
    method: 'put',
    summary: 'Replace a configuration in full',
    body: configurationReplacementSchema,
    status: 200,
    answer: configurationSchema,
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: 'Delete a configuration',
    status: 204,
  });
}
