import { createHash } from 'node:crypto';
import type { InteractionResult } from '../../store/holder-steps.js';
import { jsonBoundsFault } from '../management/json-bounds.js';
import { HookTokenError } from './hook-token.js';

/** What a returned hook token says. */
export interface HookResult extends InteractionResult {
  readonly state: string;
  /** Names out of `claims` to keep with the user. */
  readonly claimsToPersist: readonly string[];
}

const BOUNDS = { depth: 8, bytes: 65_536 };
const MOST_PERSISTED = 300;

/**
 * Reads the payload of a verified hook token: `state`, `claims`, `claimsToPersist`, and beyond MATTR `error` (the holder is
 * refused) or `status`: `pending` (decided later, the holder waits) or `deferred` (likewise, the credential is deferred).
 *
 * @throws {HookTokenError}
 */
export function readHookResult(payload: Readonly<Record<string, unknown>>): HookResult {
  const { state, claims = {}, claimsToPersist = [], error, status } = payload;
  if (typeof state !== 'string') throw new HookTokenError('needs the state it was given');
  if (error !== undefined && typeof error !== 'string') throw new HookTokenError('must have a string as error');
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims))
    throw new HookTokenError('must have an object as claims');
  const fault = jsonBoundsFault(claims, BOUNDS);
  if (fault !== undefined) throw new HookTokenError(`has claims that ${fault}`);
  if (!isNames(claimsToPersist)) throw new HookTokenError('must have an array of names as claimsToPersist');
  // A refusal brings no claims, and keeps none.
  if (error !== undefined) return { state, result: 'refused', claims: {}, claimsToPersist: [] };
  return {
    state,
    result: resultOf(status),
    claims: claims as Readonly<Record<string, unknown>>,
    claimsToPersist: claimsToPersist.filter((name) => Object.hasOwn(claims, name)),
  };
}

/** Names a hook's token: a repeat of it is told from another. */
export function evidenceOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function resultOf(status: unknown): InteractionResult['result'] {
  if (status === undefined || status === 'completed') return 'completed';
  if (status === 'pending' || status === 'deferred') return status;
  throw new HookTokenError('must have completed, pending or deferred as status');
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= MOST_PERSISTED && value.every((name) => typeof name === 'string');
}
