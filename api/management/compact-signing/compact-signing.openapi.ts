import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { registerManagementOperation } from '../../http/openapi-operation.js';
import { compactQrCodeRequestSchema } from './compact-qr-code.schema.js';
import { compactSemanticSignRequestSchema, compactSignRequestSchema, signedCompactSchema } from './compact-sign.schema.js';

export function registerCompactSigning(registry: OpenAPIRegistry): void {
  for (const [profile, category, body] of [
    ['compact', 'CREDENTIAL_COMPACT', compactSignRequestSchema],
    ['compact-semantic', 'CREDENTIAL_COMPACT_SEMANTIC', compactSemanticSignRequestSchema],
  ] as const) {
    const common = { tag: 'Compact credentials', method: 'post', roles: ['admin', 'issuer'], status: 200 } as const;
    registerManagementOperation(registry, {
      ...common,
      stem: `${category}_SIGN`,
      path: `/v2/credentials/${profile}/sign`,
      summary: 'Sign a credential directly',
      description: 'No wallet takes part: the credential is in the answer. The issuer keeps its id, type, dates and status.',
      body,
      answer: signedCompactSchema,
    });
    registerManagementOperation(registry, {
      ...common,
      stem: `${category}_QRCODE_CREATE`,
      path: `/v2/credentials/${profile}/qrcode`,
      summary: 'Draw a credential as a QR code',
      description: 'Only of a credential that this issuer signed, and that has not expired.',
      body: compactQrCodeRequestSchema,
      answerType: 'image/png',
      answer: z.string().meta({ format: 'binary' }),
    });
  }
}
