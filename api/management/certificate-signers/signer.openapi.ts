import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { signerListQuery } from './read-signer.js';
import { SIGNER_RESOURCES, type SignerResource } from './signer-resource.js';
import { revocationQuery, signerRequestSchema, signerSchema, signerUpdateSchema } from './signer.schema.js';

export function registerCertificateSigners(registry: OpenAPIRegistry): void {
  for (const resource of SIGNER_RESOURCES) registerSigners(registry, resource);
}

function registerSigners(registry: OpenAPIRegistry, { path, stem, name, most }: SignerResource): void {
  const common = (action: string) =>
    ({ tag: 'Mobile credential certificates', stem: `${stem}_${action}`, roles: ['admin', 'issuer'] }) as const;
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path,
    summary: `Create a ${name} under an unmanaged IACA`,
    description: 'Answer `csrPem` with a certificate of the IACA, and give it by `PUT`.',
    body: signerRequestSchema,
    status: 201,
    answer: signerSchema,
    conflict: `There are ${most} already.`,
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path,
    summary: `List the ${name}s, those of managed IACAs among them`,
    query: signerListQuery,
    status: 200,
    answer: pageSchema(signerSchema),
  });
  const one = { path: `${path}/{id}`, id: true } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    summary: `Read a ${name}`,
    status: 200,
    answer: signerSchema,
  });
  registerManagementOperation(registry, {
    ...common('UPDATE'),
    ...one,
    method: 'put',
    summary: `Give a ${name} its certificate, and put it into use or out of it`,
    body: signerUpdateSchema,
    status: 200,
    answer: signerSchema,
    conflict: 'Its IACA is managed.',
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: `Delete a ${name} with its key`,
    status: 204,
    conflict: 'Its IACA is managed.',
  });
  registerManagementOperation(registry, {
    ...common('REVOKE'),
    path: `${path}/{id}/revoke`,
    id: true,
    method: 'post',
    summary: `Revoke a ${name} of a managed IACA`,
    description: 'Its certificate is on the revocation list at once, it is not used again, and its IACA has another one.',
    query: revocationQuery,
    status: 204,
  });
}
