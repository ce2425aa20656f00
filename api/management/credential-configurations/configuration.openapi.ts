import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import type { AnyConfigurationKind } from './configuration-kind.js';
import { CONFIGURATION_KINDS } from './configuration-kinds.js';
import { configurationListQuery } from './read-configuration.js';
import { replacementSchemaOf } from './write-configuration.js';

export function registerConfigurations(registry: OpenAPIRegistry): void {
  for (const kind of CONFIGURATION_KINDS) registerKind(registry, kind);
}

function registerKind(registry: OpenAPIRegistry, kind: AnyConfigurationKind): void {
  const path = `/v2/credentials/${kind.profile}/configurations`;
  const common = (action: string) =>
    ({
      tag: kind.tag,
      stem: `${kind.stem}_${action}`,
      roles: ['admin', 'issuer'],
    }) as const;
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path,
    summary: 'Create a configuration',
    description: 'The issuer metadata offers it at once.',
    body: kind.requestSchema,
    status: 201,
    answer: kind.schema,
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path,
    summary: 'List the configurations',
    query: configurationListQuery,
    status: 200,
    answer: pageSchema(kind.schema),
  });
  const one = { path: `${path}/{id}`, id: true } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    summary: 'Read a configuration',
    status: 200,
    answer: kind.schema,
  });
  registerManagementOperation(registry, {
    ...common('UPDATE'),
    ...one,
    method: 'put',
    summary: 'Replace a configuration in full',
    body: replacementSchemaOf(kind),
    status: 200,
    answer: kind.schema,
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: 'Delete a configuration',
    status: 204,
  });
}
