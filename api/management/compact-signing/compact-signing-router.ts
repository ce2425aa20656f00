import { Router } from 'express';
import type { ApiContext } from '../../context.js';
import { methodNotAllowed } from '../../http/method-not-allowed.js';
import { recorded } from '../../http/recorded.js';
import type { createRequireRole } from '../authorize.js';
import { createCompactQrCode } from './compact-qr-code.js';
import { createSignCompact, createSignCompactSemantic } from './sign-compact.js';

/** Direct signing of compact credentials, and their QR codes (product.md 13). */
export function compactSigningRoutes(context: ApiContext, requireRole: ReturnType<typeof createRequireRole>): Router {
  const router = Router();
  const issuers = requireRole('admin', 'issuer');
  const kinds = [
    { profile: 'compact', category: 'CREDENTIAL_COMPACT', sign: createSignCompact(context) },
    { profile: 'compact-semantic', category: 'CREDENTIAL_COMPACT_SEMANTIC', sign: createSignCompactSemantic(context) },
  ] as const;
  for (const { profile, category, sign } of kinds) {
    router
      .route(`/v2/credentials/${profile}/sign`)
      .post(issuers, recorded(context, { category, stem: `${category}_SIGN` }, sign))
      .all(methodNotAllowed('POST'));
    router
      .route(`/v2/credentials/${profile}/qrcode`)
      .post(issuers, recorded(context, { category, stem: `${category}_QRCODE_CREATE` }, createCompactQrCode(context, profile)))
      .all(methodNotAllowed('POST'));
  }
  return router;
}
