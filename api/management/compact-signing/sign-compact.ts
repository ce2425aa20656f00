import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { CredentialContentError } from '../../../credentials/credential-content-error.js';
import type { CompactClaims } from '../../../credentials/cwt/compact-claims.js';
import type { CompactProfile } from '../../../credentials/cwt/compact-profile.js';
import { signCompact, type SignedCompact } from '../../../credentials/cwt/sign-compact.js';
import { credentialSigners, type AssertionSigner } from '../../../keys/credential-signers.js';
import { didWebOf } from '../../../keys/did-web.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { hasSigningKey } from '../credential-configurations/compact-faults.js';
import { directLedgerId, enterDirectCredential, type DirectCredential } from '../direct-credentials.js';
import { readBody, type Exact } from '../validation.js';
import { compactSemanticSignRequestSchema, compactSignRequestSchema } from './compact-sign.schema.js';
import { compactClaims, compactSemanticClaims, type WantedClaims } from './signed-claims.js';
import { statusFor as placeInList, type StatusFor } from './status-for.js';

type Handler = (request: Request, response: Response) => Promise<void>;

interface Kind<S extends z.ZodType> {
  readonly profile: CompactProfile;
  readonly schema: S;
  readonly wanted: (body: Exact<z.output<S>>, given: { readonly jti: string; readonly now: number }) => WantedClaims;
}

/** `POST /v2/credentials/compact/sign` (product.md 13) */
export function createSignCompact(context: ApiContext, statusFor: StatusFor = placeInList): Handler {
  return sign(context, { profile: 'compact', schema: compactSignRequestSchema, wanted: compactClaims }, statusFor);
}

/** `POST /v2/credentials/compact-semantic/sign` (product.md 13) */
export function createSignCompactSemantic(context: ApiContext, statusFor: StatusFor = placeInList): Handler {
  const [profile, schema] = ['compact-semantic', compactSemanticSignRequestSchema] as const;
  return sign(context, { profile, schema, wanted: compactSemanticClaims }, statusFor);
}

/** Signs what the caller says; answers when the credential is in the ledger, so that it can be revoked. */
function sign<S extends z.ZodType<{ revocable: boolean; isRevoked?: boolean | undefined }>>(
  context: ApiContext,
  { profile, schema, wanted }: Kind<S>,
  statusFor: StatusFor,
): Handler {
  return async (request, response) => {
    const body = await readBody(request, schema, context);
    const now = Math.floor(context.now() / 1000);
    const credentialId = randomUUID();
    const { claims, type } = wanted(body, { jti: credentialId, now });
    requireUnexpired(claims, now);
    const assertion = await signerOf(context, claims.iss);
    const { revocable, isRevoked = false } = body as { revocable: boolean; isRevoked?: boolean };
    const ledgerId = directLedgerId(credentialId);
    const place = { issuerId: DEFAULT_ISSUER_ID, profile, issuerDid: assertion.did, ledgerId, isRevoked };
    const status = revocable ? await statusFor(context, place) : undefined;
    const reference = status === undefined ? {} : { status: { url: status.reference.uri, index: status.reference.index } };
    const signed = await signWith(assertion, { profile, claims: { ...claims, ...reference } });
    const { keyId } = assertion.signer;
    await enterDirectCredential(context, { credentialId, profile, type, keyId, ...validityOf(claims), status });
    (response.locals as EventLocals).eventData = { credentialId };
    response.json({ id: credentialId, encoded: signed.encoded, decoded: signed.decoded.claims });
  };
}

function validityOf({ nbf, exp }: Pick<CompactClaims, 'nbf' | 'exp'>): Pick<DirectCredential, 'validFrom' | 'validUntil'> {
  const dateOf = (seconds: number | undefined) => (seconds === undefined ? undefined : new Date(seconds * 1000));
  return { validFrom: dateOf(nbf), validUntil: dateOf(exp) };
}

function requireUnexpired({ exp }: Pick<CompactClaims, 'exp'>, now: number): void {
  if (exp !== undefined && exp <= now) throw refused('payload.exp', 'has passed: nobody would accept the credential');
}

/** @throws {ManagementError} 400 for a DID of somebody else, or without a key for ES256 */
async function signerOf(context: ApiContext, did: string): Promise<AssertionSigner> {
  const snapshot = await context.directory.get(DEFAULT_ISSUER_ID);
  if (!hasSigningKey(did, { context, snapshot }))
    throw refused('payload.iss', 'is not a DID of this issuer with an active ES256 key');
  const issuerDid = didWebOf(context.config.PUBLIC_URL);
  return credentialSigners({ records: snapshot, access: context, issuerDid }).assertion('ES256', did);
}

async function signWith(
  assertion: AssertionSigner,
  what: { readonly profile: CompactProfile; readonly claims: CompactClaims },
): Promise<SignedCompact> {
  try {
    return await signCompact({ ...what, assertion });
  } catch (error) {
    if (error instanceof CredentialContentError) throw refused('payload', `makes no credential: ${error.message}`);
    throw error;
  }
}

function refused(param: string, msg: string): ManagementError {
  return ManagementError.validation([{ msg, param, location: 'body' }]);
}
