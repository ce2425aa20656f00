import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { revocationSchema, statusRequestSchema, statusSchema, webSemanticCredentialSchema } from './credential-status.schema.js';
import { mobileStatusListQuery } from './mobile-status-lists.js';
import { revocationNotificationRequestSchema, revocationNotificationSchema } from './revocation-notification.schema.js';
import { registerStatusListConfigurations } from './status-list-configurations.openapi.js';
import { mobileStatusListSchema } from './status-list-configuration.schema.js';
import { REVOCATION_PROFILES, STATUS_PROFILES } from './status-profiles.js';
import { webSemanticListQuery } from './web-semantic-credentials.js';

const ROLES = ['admin', 'issuer'] as const;
const SOON = 'Verifiers see it within seconds; who has cached the list, when its `ttl` is over.';

export function registerCredentialStatuses(registry: OpenAPIRegistry): void {
  for (const { profile, stem, tag } of STATUS_PROFILES) {
    const one = { path: `/v2/credentials/${profile}/{id}/status`, id: true, tag, roles: ROLES } as const;
    registerManagementOperation(registry, {
      ...one,
      method: 'post',
      summary: 'Set the status of a credential',
      description: SOON,
      stem: `${stem}_SET`,
      body: statusRequestSchema,
      status: 201,
      answer: statusSchema,
    });
    registerManagementOperation(registry, {
      ...one,
      method: 'get',
      summary: 'Read the status of a credential',
      stem: `${stem}_RETRIEVE`,
      status: 200,
      answer: statusSchema,
    });
  }
  for (const { profile, category, tag } of REVOCATION_PROFILES) registerRevocation(registry, { profile, category, tag });
  registerWebSemantic(registry);
  registerMobile(registry);
  registerStatusListConfigurations(registry);
}

function registerRevocation(
  registry: OpenAPIRegistry,
  { profile, category, tag }: { profile: string; category: string; tag: string },
): void {
  const common = { id: true, tag, roles: ROLES } as const;
  const path = `/v2/credentials/${profile}/{id}/revocation-status`;
  registerManagementOperation(registry, {
    ...common,
    path,
    method: 'post',
    summary: 'Revoke a credential, or take that back',
    description: SOON,
    stem: `${category}_REVOCATION_STATUS_SET`,
    body: revocationSchema,
    status: 200,
    answer: revocationSchema,
  });
  registerManagementOperation(registry, {
    ...common,
    path,
    method: 'get',
    summary: 'Read whether a credential is revoked',
    stem: `${category}_REVOCATION_STATUS_RETRIEVE`,
    status: 200,
    answer: revocationSchema,
  });
  registerManagementOperation(registry, {
    ...common,
    path: `/v2/credentials/${profile}/{id}`,
    method: 'delete',
    summary: 'Delete what is kept about a credential',
    description: 'Where it can be revoked, it is, for good.',
    stem: `${category}_DELETE`,
    status: 204,
  });
}

function registerWebSemantic(registry: OpenAPIRegistry): void {
  const common = { tag: 'JSON-LD credentials', roles: ROLES, method: 'get', status: 200 } as const;
  registerManagementOperation(registry, {
    ...common,
    path: '/v2/credentials/web-semantic',
    summary: 'List the JSON credentials',
    description: 'Oldest first.',
    stem: 'CREDENTIAL_WEB_SEMANTIC_RETRIEVE_LIST',
    query: webSemanticListQuery,
    answer: pageSchema(webSemanticCredentialSchema),
  });
  registerManagementOperation(registry, {
    ...common,
    path: '/v2/credentials/web-semantic/{id}',
    id: true,
    summary: 'Read what is kept about a JSON credential',
    stem: 'CREDENTIAL_WEB_SEMANTIC_RETRIEVE',
    answer: webSemanticCredentialSchema,
  });
  registerManagementOperation(registry, {
    ...common,
    method: 'post',
    path: '/v2/credentials/web-semantic/{id}/revocation-status/notification',
    id: true,
    summary: 'Make a message that tells a holder whether a credential is revoked',
    description: 'A JWM, neither encrypted nor sent.',
    stem: 'CREDENTIAL_WEB_SEMANTIC_REVOCATION_MESSAGE_PAYLOAD_CREATE',
    body: revocationNotificationRequestSchema,
    status: 201,
    answer: revocationNotificationSchema,
  });
}

function registerMobile(registry: OpenAPIRegistry): void {
  const lists = '/v2/credentials/mobile/status-lists';
  registerManagementOperation(registry, {
    method: 'delete',
    path: '/v2/credentials/mobile/{id}',
    id: true,
    tag: 'Mobile credential statuses',
    roles: ROLES,
    summary: 'Delete what is kept about a mobile credential',
    description: 'It cannot be undone, and the status of the credential cannot be changed any more.',
    stem: 'MOBILE_CREDENTIAL_DELETE',
    status: 204,
  });
  const common = { tag: 'Mobile status lists', roles: ROLES, method: 'get', status: 200 } as const;
  registerManagementOperation(registry, {
    ...common,
    path: lists,
    summary: 'List the mobile status lists',
    stem: 'MOBILE_CREDENTIAL_STATUS_LIST_RETRIEVE_LIST',
    query: mobileStatusListQuery,
    answer: pageSchema(mobileStatusListSchema),
  });
  registerManagementOperation(registry, {
    ...common,
    path: `${lists}/{id}`,
    id: true,
    summary: 'Read a mobile status list',
    stem: 'MOBILE_CREDENTIAL_STATUS_LIST_RETRIEVE',
    answer: mobileStatusListSchema,
  });
}
