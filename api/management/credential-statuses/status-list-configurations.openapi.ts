import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import {
  statusListConfigurationRequestSchema,
  statusListConfigurationSchema,
  statusListConfigurationUpdateSchema,
} from './status-list-configuration.schema.js';
import { statusListConfigurationListQuery } from './status-list-configurations.js';

const PATH = '/v2/credentials/mobile/status-lists/configurations';

export function registerStatusListConfigurations(registry: OpenAPIRegistry): void {
  const common = (action: string) =>
    ({
      tag: 'Mobile status list configurations',
      roles: ['admin', 'issuer'],
      stem: `MOBILE_CREDENTIAL_STATUS_LIST_CONFIGURATION_${action}`,
    }) as const;
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path: PATH,
    summary: "Say how long a document type's status lists are good",
    body: statusListConfigurationRequestSchema,
    status: 201,
    answer: statusListConfigurationSchema,
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path: PATH,
    summary: 'List the status list configurations',
    query: statusListConfigurationListQuery,
    status: 200,
    answer: pageSchema(statusListConfigurationSchema),
  });
  const one = { path: `${PATH}/{id}`, id: true } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    summary: 'Read a status list configuration',
    status: 200,
    answer: statusListConfigurationSchema,
  });
  registerManagementOperation(registry, {
    ...common('UPDATE'),
    ...one,
    method: 'put',
    summary: 'Replace the durations',
    body: statusListConfigurationUpdateSchema,
    status: 200,
    answer: statusListConfigurationSchema,
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: 'Delete a status list configuration',
    description: 'Refused with 400 while a status list uses it.',
    status: 204,
    refusal: 'A status list uses it.',
  });
}
