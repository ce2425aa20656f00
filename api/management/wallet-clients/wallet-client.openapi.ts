import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { walletClientListQuery } from './read-wallet-client.js';
import {
  walletClientReplacementSchema,
  walletClientRequestSchema,
  walletClientSchema,
  writtenWalletClientSchema,
} from './wallet-client.schema.js';

const PATH = '/v1/oauth/clients';

export function registerWalletClients(registry: OpenAPIRegistry): void {
  const common = (action: string) =>
    ({ tag: 'Wallet clients', stem: `OAUTH_CLIENT_${action}`, roles: ['admin', 'issuer'] }) as const;
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path: PATH,
    summary: 'Register a wallet',
    description: 'With `client_secret_basic` the answer holds the secret: keep it, no other answer does.',
    body: walletClientRequestSchema,
    status: 201,
    answer: writtenWalletClientSchema,
    conflict: 'Another client has this `clientId`.',
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path: PATH,
    summary: 'List the registered wallets',
    query: walletClientListQuery,
    status: 200,
    answer: pageSchema(walletClientSchema),
  });
  const one = { path: `${PATH}/{id}`, id: true } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    summary: 'Read a registered wallet',
    status: 200,
    answer: walletClientSchema,
  });
  registerManagementOperation(registry, {
    ...common('UPDATE'),
    ...one,
    method: 'put',
    summary: 'Replace a registered wallet in full',
    description: 'The secret stays, unless `rotateSecret` asks for a new one or the change to `client_secret_basic` needs one.',
    body: walletClientReplacementSchema,
    status: 200,
    answer: writtenWalletClientSchema,
    conflict: 'Other requests change it at the same time.',
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: 'Delete a registered wallet',
    status: 204,
  });
}
