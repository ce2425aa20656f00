import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { userCredentialListQuery } from './list-user-credentials.js';
import { userListQuery } from './read-user.js';
import { userCredentialSchema } from './user-credential.schema.js';
import { userRequestSchema, userSchema, userSearchSchema } from './user.schema.js';

const PATH = '/v1/users';
const SHORT_PAGES =
  'Oldest first. Where users hold much, or few fit, a page may hold fewer than `limit` and still name a next one.';

export function registerUsers(registry: OpenAPIRegistry): void {
  const common = (action: string) => ({ tag: 'Users', stem: `USER_${action}`, roles: ['admin', 'issuer'] }) as const;
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path: PATH,
    summary: 'Create a user',
    body: userRequestSchema,
    status: 201,
    answer: userSchema,
    conflict: 'Another user has this identity.',
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path: PATH,
    summary: 'List the users of whom something is kept',
    description: SHORT_PAGES,
    query: userListQuery,
    status: 200,
    answer: pageSchema(userSchema),
  });
  registerManagementOperation(registry, {
    ...common('SEARCH'),
    method: 'post',
    path: `${PATH}/search`,
    summary: 'Search users',
    description: `${SHORT_PAGES} With a \`subjectId\` the user is found at once.`,
    body: userSearchSchema,
    status: 200,
    answer: pageSchema(userSchema),
  });
  registerOne(registry, common);
}

function registerOne(
  registry: OpenAPIRegistry,
  common: (action: string) => { tag: string; stem: string; roles: readonly ['admin', 'issuer'] },
): void {
  const one = { path: `${PATH}/{id}`, id: true } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    summary: 'Read a user',
    description: 'A user of whom nothing is kept is known once a credential was issued to it.',
    status: 200,
    answer: userSchema,
  });
  registerManagementOperation(registry, {
    ...common('UPDATE'),
    ...one,
    method: 'put',
    summary: 'Replace a user in full',
    body: userRequestSchema,
    status: 200,
    answer: userSchema,
    conflict: 'Another user has this identity, or other requests change the user at the same time.',
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: 'Delete a user',
    description:
      'And all that is kept of it. Credentials that were issued stay valid, unless their configuration revokes them on `user_deleted`.',
    status: 204,
    conflict: 'Other requests change the user at the same time.',
  });
  registerManagementOperation(registry, {
    ...common('CREDENTIAL_RETRIEVE_LIST'),
    path: `${PATH}/{id}/credentials`,
    id: true,
    method: 'get',
    summary: 'List what was issued to a user',
    description: 'Oldest first, one record for each credential request. No claim values.',
    query: userCredentialListQuery,
    status: 200,
    answer: pageSchema(userCredentialSchema),
  });
}
