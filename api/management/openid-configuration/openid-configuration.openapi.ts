import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { registerManagementOperation } from '../../http/openapi-operation.js';
import { openIdConfigurationRequestSchema, openIdConfigurationSchema } from './openid-configuration.schema.js';

export function registerOpenIdConfiguration(registry: OpenAPIRegistry): void {
  const common = (action: string) =>
    ({
      tag: 'OpenID configuration',
      path: '/v1/openid/configuration',
      stem: `CREDENTIAL_PROVIDER_OPENID_CONFIGURATION_${action}`,
      roles: ['admin', 'issuer', 'managed-issuer'],
      status: 200,
      answer: openIdConfigurationSchema,
    }) as const;
  registerManagementOperation(registry, {
    ...common('UPDATE'),
    method: 'put',
    summary: 'Set the interaction hook and how holders are authorized',
    description: 'Replaces everything: what is absent is removed, or gets its default.',
    body: openIdConfigurationRequestSchema([]),
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    method: 'get',
    summary: 'Read the interaction hook and how holders are authorized',
    description: "Shows the hook's secret.",
  });
}
