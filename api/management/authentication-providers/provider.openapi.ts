import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { authenticationProviderRequestSchema, authenticationProviderSchema } from './provider.schema.js';
import { providerListQuery } from './read-provider.js';

const PATH = '/v1/users/authentication-providers';

export function registerAuthenticationProviders(registry: OpenAPIRegistry): void {
  const common = (action: string) =>
    ({
      tag: 'Authentication providers',
      stem: `USER_AUTHENTICATION_PROVIDER_${action}`,
      roles: ['admin', 'issuer', 'managed-issuer'],
    }) as const;
  const requestSchema = authenticationProviderRequestSchema([]);
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path: PATH,
    summary: 'Create an authentication provider',
    description: 'Its discovery document is fetched and checked.',
    body: requestSchema,
    status: 201,
    answer: authenticationProviderSchema,
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path: PATH,
    summary: 'List the authentication providers',
    query: providerListQuery,
    status: 200,
    answer: pageSchema(authenticationProviderSchema),
  });
  const one = { path: `${PATH}/{id}`, id: true } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    summary: 'Read an authentication provider',
    description: 'The secret is masked.',
    status: 200,
    answer: authenticationProviderSchema,
  });
  registerManagementOperation(registry, {
    ...common('UPDATE'),
    ...one,
    method: 'put',
    summary: 'Replace an authentication provider in full',
    description: 'Its discovery document is fetched and checked.',
    body: requestSchema,
    status: 200,
    answer: authenticationProviderSchema,
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: 'Delete an authentication provider',
    description: 'Where it was the default, the oldest of the others becomes it.',
    status: 204,
    conflict: 'An active or paused offer uses it.',
  });
}
