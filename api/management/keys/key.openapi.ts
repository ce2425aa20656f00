import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { keySchema, rotatedKeysSchema } from './key.schema.js';
import { keyListQuery } from './list-keys.js';

const PATH = '/v1/keys';

export function registerKeys(registry: OpenAPIRegistry): void {
  const common = { tag: 'Keys', roles: ['admin'] } as const;
  registerManagementOperation(registry, {
    ...common,
    stem: 'KEY_RETRIEVE_LIST',
    method: 'get',
    path: PATH,
    summary: "List the issuer's rotated keys",
    description: 'Newest first; public facts alone.',
    query: keyListQuery,
    status: 200,
    answer: pageSchema(keySchema),
  });
  registerManagementOperation(registry, {
    ...common,
    stem: 'KEY_ROTATE',
    method: 'post',
    path: `${PATH}/{id}/rotate`,
    id: true,
    summary: 'Begin the rotation of a key',
    description:
      'The id is the purpose. The next key is published now and signs a day later; the one before it stays published for ' +
      'what it signed. While a rotation is under way no further one begins. Answers with the keys of the purpose.',
    status: 200,
    answer: rotatedKeysSchema,
  });
}
