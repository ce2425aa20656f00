import type { Request, Response } from 'express';
import type { IssuanceDocument } from '../../store/documents.js';
import { openStep, sealStep } from '../../store/holder-steps.js';
import { OAuthError } from '../http/errors.js';
import type { EventLocals } from '../http/recorded.js';
import { IssuanceNotFound } from '../issuance-client.js';
import { sessionOfState } from '../oauth/session-state.js';
import { readJsonObject } from '../wallet/endpoint.js';
import { evidenceOf, type HookResult } from './hook-result.js';
import { HookTokenError } from './hook-token.js';
import { keepNamedClaims } from './keep-named-claims.js';
import { hookOf, readHookToken } from './returned-hook-token.js';
import { HolderError } from './holder-error.js';
import type { HolderServices } from './services.js';

const MAX_BYTES = 131_072;

type Handler = (request: Request, response: Response) => Promise<void>;

/**
 * `POST /v1/openid/interaction/result`: the hook's back-end decides what the hook left open, with the same signed token
 * that a browser would carry. The first decision counts, and is durable when this answers 204.
 */
export function interactionResult(services: HolderServices): Handler {
  const { context, issuer } = services;
  return async (request, response) => {
    const { session_token: token } = await readJsonObject(request, Math.min(context.config.REQUEST_MAX_BYTES, MAX_BYTES));
    if (typeof token !== 'string') throw invalid('session_token is missing or not a string');
    // A repeat is answered alike also when its time is over: whoever had no answer must be able to ask again.
    const returned = await verified(services, token, { allowExpired: await isKnown(services, token) });
    const sessionId = sessionOfState(returned.state, { ring: context.ring, issuerId: issuer.id, kind: 'interaction' });
    if (sessionId === undefined) throw invalid('state of the session_token is not one of this issuer');
    // A refusal ends its session at once: the repeat of one, after an answer that was lost, finds nothing more to do.
    if (!(returned.result === 'refused' && (await isRefusedSession(services, sessionId)))) {
      await storeDecision(services, { sessionId, token, returned });
      await context.reach('decision.stored');
      await deliver(services, { sessionId, returned });
    }
    (response.locals as EventLocals).eventData = { sessionId };
    response.status(204).end();
  };
}

/** Whether this very token decided a session. */
async function isKnown(services: HolderServices, token: string): Promise<boolean> {
  const { context, issuer } = services;
  const { state } = await verified(services, token, { allowExpired: true });
  const sessionId = sessionOfState(state, { ring: context.ring, issuerId: issuer.id, kind: 'interaction' });
  if (sessionId === undefined) return false;
  const projection = { approval: 1 };
  const session = await context.db.issuances.findOne({ _id: sessionId, issuerId: issuer.id }, { projection });
  return session?.approval?.evidenceHash === evidenceOf(token);
}

async function verified(
  services: HolderServices,
  token: string,
  { allowExpired }: { allowExpired: boolean },
): Promise<HookResult> {
  try {
    const returned = readHookToken(services, { token, hook: await hookOf(services), allowExpired });
    if (returned.result === 'completed' || returned.result === 'refused') return returned;
  } catch (error) {
    if (error instanceof HookTokenError) throw invalid(`the session_token ${error.message}`, error);
    if (error instanceof HolderError) throw invalid('this issuer has no interaction hook', error);
    throw error;
  }
  throw invalid('the session_token must decide: with claims, or with error');
}

async function isRefusedSession({ context: { db }, issuer }: HolderServices, sessionId: string): Promise<boolean> {
  return (await db.issuances.findOne({ _id: sessionId, issuerId: issuer.id }))?.outcome === 'interaction_refused';
}

async function storeDecision(
  services: HolderServices,
  { sessionId, token, returned }: { sessionId: string; token: string; returned: HookResult },
): Promise<void> {
  const { db, ring } = services.context;
  const id = { _id: sessionId, issuerId: services.issuer.id };
  const session = await db.issuances.findOne(id);
  requireUndecided(services, session);
  const evidenceHash = evidenceOf(token);
  if (session.approval?.evidenceHash !== evidenceHash) {
    const { result, claims } = returned;
    const approval = sealStep({ ring, sessionId, step: 'approval', evidenceHash, value: { result, claims } });
    const { modifiedCount } = await db.issuances.updateOne(
      { ...id, approval: { $exists: false }, closedAt: { $exists: false } },
      { $set: { approval } },
    );
    if (modifiedCount !== 1) requireSame(await db.issuances.findOne(id), evidenceHash);
  }
  // Also at a repeat: the process that stored it may have died before.
  await keepNamedClaims(services, {
    userId: session.userId,
    claims: returned.claims,
    names: returned.claimsToPersist,
  });
}

/** Another request may have stored this very decision, or another one. */
function requireSame(session: IssuanceDocument | null, evidenceHash: string): void {
  if (session === null || session.closedAt !== undefined) throw invalid('the session is over');
  if (session.approval?.evidenceHash !== evidenceHash) throw invalid('the session was decided already');
}

/** A decision needs a holder who logged in, and an interaction that is under way or was left open. */
function requireUndecided({ context }: HolderServices, session: IssuanceDocument | null): asserts session is IssuanceDocument {
  if (session?.grantType !== 'authorization_code' || session.closedAt !== undefined) throw invalid('the session is over');
  if (session.authentication === undefined) throw invalid('the holder has not logged in');
  const returned = openStep(context.ring, session, 'interaction')?.result;
  if (returned === 'completed' || returned === 'refused') throw invalid('the session was decided already');
}

async function deliver(
  { context, issuer }: HolderServices,
  { sessionId, returned }: { sessionId: string; returned: HookResult },
): Promise<void> {
  try {
    const result = returned.result === 'refused' ? 'refused' : 'completed';
    await context.issuances.decide({ issuerId: issuer.id, sessionId }, { result });
  } catch (error) {
    if (error instanceof IssuanceNotFound) throw invalid('the session is over', error);
    throw error;
  }
}

function invalid(description: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_request', description, { cause });
}
