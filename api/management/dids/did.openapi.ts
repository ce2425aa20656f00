import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import type { Config } from '../../../config/config.js';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { didRequestSchema, didSchema } from './did.schema.js';
import { didListQuery } from './read-did.js';

const PATH = '/v1/dids';

export function registerDids(registry: OpenAPIRegistry, { PUBLIC_URL }: Config): void {
  const common = (action: string) => ({ tag: 'DIDs', stem: `DID_${action}`, roles: ['admin', 'issuer'] }) as const;
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path: PATH,
    summary: 'Create a DID',
    description:
      'With keys of its own: one for `key` and `jwk`, a P-256 and an Ed25519 key for `web`. The document of a did:web ' +
      "below this issuer's public URL is served there; that of another is to be put where its URL says.",
    body: didRequestSchema(PUBLIC_URL),
    status: 201,
    answer: didSchema,
    conflict: 'There is this DID already, or there are too many.',
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path: PATH,
    summary: 'List the DIDs',
    description: "The issuer's own did:web first, which is always there, then the others, oldest first.",
    query: didListQuery,
    status: 200,
    answer: pageSchema(didSchema),
  });
  const one = { path: `${PATH}/{id}`, id: true, summary: 'Read a DID' } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    description: 'The id is the DID, percent-encoded.',
    status: 200,
    answer: didSchema,
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: 'Delete a DID, and destroy its keys',
    description:
      'The id is the DID, percent-encoded. What it signed can no longer be verified. Refused while a credential ' +
      "configuration or a status list names it, and for the issuer's own.",
    refusal: 'It is used, or the own one.',
    status: 204,
  });
}
