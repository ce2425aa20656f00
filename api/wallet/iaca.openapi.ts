import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { json, managementErrorSchema, oauthErrorSchema } from '../http/openapi-operation.js';

const listSchema = z.strictObject({
  data: z.array(z.strictObject({ certificatePem: z.string() })),
  iacas: z.array(z.strictObject({ certificate: z.string().meta({ description: 'Base64 DER.' }) })),
});

/** Describes what verifiers of mobile credentials fetch. */
export function registerPublishedCertificates(registry: OpenAPIRegistry): void {
  const common = { method: 'get' as const, tags: ['Verifiers'], security: [] };
  registry.registerPath({
    ...common,
    path: '/v1/openid/iacas',
    summary: 'The certificates of the active IACAs (mdoc_iacas_uri)',
    responses: {
      200: {
        description: 'The certificates.',
        content: { ...json(listSchema), 'application/pem-certificate-chain': { schema: z.string() } },
      },
      ...refusals(oauthErrorSchema),
    },
  });
  registry.registerPath({
    ...common,
    path: '/v2/credentials/mobile/iacas/{id}/crl',
    summary: 'The revocation list of a managed IACA (RFC 5280)',
    request: { params: z.object({ id: z.string() }) },
    responses: {
      200: { description: 'The list, DER.', content: { 'application/pkix-crl': { schema: z.string() } } },
      404: { description: 'There is no managed IACA of this id.', content: json(managementErrorSchema) },
      ...refusals(managementErrorSchema),
    },
  });
}

function refusals(schema: z.ZodType) {
  const error = (description: string) => ({ description, content: json(schema) });
  return {
    429: error('Too many requests; `Retry-After` says how long to wait.'),
    500: error('An unexpected fault.'),
    503: error('Not at the moment; `Retry-After` says how long to wait.'),
  };
}
