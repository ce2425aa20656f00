import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { registerManagementOperation } from '../../http/openapi-operation.js';
import { signedWebSemanticSchema, webSemanticSignRequestSchema } from './web-semantic-sign.schema.js';

export function registerWebSemanticSigning(registry: OpenAPIRegistry): void {
  registerManagementOperation(registry, {
    tag: 'JSON-LD credentials',
    method: 'post',
    roles: ['admin', 'issuer'],
    status: 200,
    stem: 'CREDENTIAL_WEB_SEMANTIC_SIGN',
    path: '/v2/credentials/web-semantic/sign',
    summary: 'Sign a credential directly',
    description: 'No wallet takes part: the credential is in the answer. The issuer keeps its id, type, dates and status.',
    body: webSemanticSignRequestSchema,
    answer: signedWebSemanticSchema,
  });
}
