import type { Request, Response } from 'express';
import { create, toBuffer } from 'qrcode';
import { CompactDecodeError } from '../../../credentials/cwt/compact-decode-error.js';
import { COMPACT_PREFIXES, type CompactProfile } from '../../../credentials/cwt/compact-profile.js';
import { decodeCompact, type DecodedCompact } from '../../../credentials/cwt/decode-compact.js';
import { verifyCompact } from '../../../credentials/cwt/verify-compact.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { readBody } from '../validation.js';
import { compactQrCodeRequestSchema } from './compact-qr-code.schema.js';
import { issuerPublicKey } from './issuer-public-key.js';

const LOOK = { errorCorrectionLevel: 'L', margin: 4 } as const;
const PIXELS_A_MODULE = 4;

/**
 * `POST /v2/credentials/compact/qrcode` and its semantic twin: a credential of this issuer's, as a picture. One that is
 * invalid or has expired is refused (product.md 13).
 */
export function createCompactQrCode(
  context: ApiContext,
  profile: CompactProfile,
): (request: Request, response: Response) => Promise<void> {
  return async (request, response) => {
    const { payload, width } = await readBody(request, compactQrCodeRequestSchema, context);
    const credential = takenApart(payload, profile);
    (response.locals as EventLocals).eventData = { credentialId: credential.claims.jti };
    await requireOwnSignature(context, credential);
    requireUnexpired(credential, context.now());
    response.type('png').send(await drawn(payload, width));
  };
}

function takenApart(payload: string, profile: CompactProfile): DecodedCompact {
  const prefix = COMPACT_PREFIXES[profile];
  if (!payload.startsWith(prefix)) throw refused('payload', `must begin with ${prefix}`);
  try {
    return decodeCompact(payload);
  } catch (error) {
    if (error instanceof CompactDecodeError) throw refused('payload', error.message);
    throw error;
  }
}

async function requireOwnSignature({ directory, config }: ApiContext, credential: DecodedCompact): Promise<void> {
  const { kid, claims } = credential;
  const snapshot = await directory.get(DEFAULT_ISSUER_ID);
  const key = issuerPublicKey(snapshot, { did: claims.iss, kid, publicUrl: config.PUBLIC_URL });
  if (key === undefined || !(await verifyCompact(credential, key))) throw refused('payload', 'was not signed by this issuer');
}

function requireUnexpired({ claims: { exp } }: DecodedCompact, now: number): void {
  if (exp !== undefined && exp * 1000 <= now) throw refused('payload', 'has expired');
}

function drawn(payload: string, width: number | undefined): Promise<Buffer> {
  const modules = create(payload, LOOK).modules.size + 2 * LOOK.margin;
  if (width !== undefined && width < modules) throw refused('width', `must be at least ${modules} pixels for this credential`);
  return toBuffer(payload, { ...LOOK, type: 'png', ...(width === undefined ? { scale: PIXELS_A_MODULE } : { width }) });
}

function refused(param: string, msg: string): ManagementError {
  return ManagementError.validation([{ msg, param, location: 'body' }]);
}
