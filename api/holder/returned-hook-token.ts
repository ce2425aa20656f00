import type { InteractionHookDocument } from '../../store/documents.js';
import { activeHook } from '../../store/openid-configuration.js';
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
