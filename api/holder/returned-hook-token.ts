import type { InteractionHookDocument, IssuanceDocument } from '../../store/documents.js';
import { activeHook, authorizationPolicy } from '../../store/openid-configuration.js';
import { keepClaims } from '../../store/users.js';
import { HolderError } from './holder-error.js';
import { readHookResult, type HookResult } from './hook-result.js';
import { verifyHookToken } from './hook-token.js';
import type { HolderServices } from './services.js';

/** @throws {HolderError} where the issuer has no hook (any more) */
export async function hookOf({ context, issuer }: HolderServices): Promise<InteractionHookDocument> {
  const hook = activeHook((await context.directory.get(issuer.id)).issuer);
  if (hook === undefined) throw new HolderError('session_over', { detail: 'the issuer has no interaction hook' });
  return hook;
}

/**
 * Verifies and reads a token that the hook returned.
 *
 * @throws {HookTokenError}
 */
export function readHookToken(
  { context, issuer }: HolderServices,
  { token, hook, allowExpired = false }: { token: string; hook: InteractionHookDocument; allowExpired?: boolean },
): HookResult {
  const parties = { ring: context.ring, issuerId: issuer.id, issuerIdentifier: issuer.identifier, hook, now: context.now() };
  return readHookResult(verifyHookToken(parties, token, { allowExpired }));
}

/** Keeps with the user what the hook names, unless the issuer forbids keeping anything. */
export async function keepHookClaims(
  { context, issuer }: HolderServices,
  { session, returned }: { session: IssuanceDocument; returned: HookResult },
): Promise<void> {
  const { claims, claimsToPersist } = returned;
  const kept = Object.fromEntries(claimsToPersist.map((name) => [name, claims[name]]));
  const { issuer: record } = await context.directory.get(issuer.id);
  if (Object.keys(kept).length === 0 || !authorizationPolicy(record).persistClaims) return;
  await keepClaims({ db: context.db, ring: context.ring, issuerId: issuer.id }, { userId: session.userId, claims: kept });
}
