import type { Request, Response } from 'express';
import type { InteractionHookDocument, IssuanceDocument } from '../../store/documents.js';
import { openStep, sealStep } from '../../store/holder-steps.js';
import { sessionOfState } from '../oauth/session-state.js';
import { goOn } from './go-on.js';
import { HolderError } from './holder-error.js';
import { evidenceOf, type HookResult } from './hook-result.js';
import { HookTokenError } from './hook-token.js';
import { keepNamedClaims } from './keep-named-claims.js';
import { hookOf, readHookToken } from './returned-hook-token.js';
import { requireOpenSession } from './open-session.js';
import { queryOf } from './query-of.js';
import type { HolderServices } from './services.js';

type Handler = (request: Request, response: Response) => Promise<void>;

/** `GET /v1/openid/interaction/return`: the interaction hook sends the holder back with its signed answer (product.md 4). */
export function interactionReturn(services: HolderServices): Handler {
  const { context, issuer } = services;
  return async (request, response) => {
    const tokens = queryOf(request).getAll('session_token');
    const token = tokens.length === 1 ? (tokens[0] ?? '') : '';
    const hook = await hookOf(services);
    const session = await sessionOf(services, request, { token, hook });
    const { evidenceHash, result } = await passReturn(services, { session, token, hook });
    await context.reach('interaction.stored');
    const address = { issuerId: issuer.id, sessionId: session._id };
    await goOn(services, response, session, (codeHash) =>
      context.issuances.interactionReturned(address, { evidenceHash, result, codeHash }),
    );
    await context.reach('interaction.answered');
  };
}

/** The session that the token's state names; its signature is checked, and its time where it was not seen before. */
async function sessionOf(
  services: HolderServices,
  request: Request,
  { token, hook }: { token: string; hook: InteractionHookDocument },
): Promise<IssuanceDocument> {
  const { context, issuer } = services;
  const { state } = orPage(() => readHookToken(services, { token, hook, allowExpired: true }));
  const sessionId = sessionOfState(state, { ring: context.ring, issuerId: issuer.id, kind: 'interaction' });
  if (sessionId === undefined) throw new HolderError('invalid_answer', { detail: 'state is not one of this issuer' });
  return requireOpenSession(services, request, sessionId);
}

/** Stores what the hook returned; the first return that is stored counts. */
async function passReturn(
  services: HolderServices,
  { session, token, hook }: { session: IssuanceDocument; token: string; hook: InteractionHookDocument },
) {
  const evidenceHash = evidenceOf(token);
  const isRepeat = session.interaction?.evidenceHash === evidenceHash;
  const returned = orPage(() => readHookToken(services, { token, hook, allowExpired: isRepeat }));
  const stored = isRepeat ? session : await storeReturn(services, { session, evidenceHash, returned });
  const step = openStep(services.context.ring, stored, 'interaction');
  if (stored.interaction === undefined || step === undefined) throw new HolderError('session_over');
  // Also at a repeat: the process that stored it may have died before.
  if (stored.interaction.evidenceHash === evidenceHash)
    await keepNamedClaims(services, {
      userId: session.userId,
      claims: returned.claims,
      names: returned.claimsToPersist,
    });
  return { evidenceHash: stored.interaction.evidenceHash, result: step.result };
}

async function storeReturn(
  { context: { db, ring } }: HolderServices,
  { session, evidenceHash, returned }: { session: IssuanceDocument; evidenceHash: string; returned: HookResult },
): Promise<Pick<IssuanceDocument, '_id' | 'interaction'>> {
  if (session.authentication === undefined) throw new HolderError('invalid_answer', { detail: 'the holder has not logged in' });
  if (session.interaction !== undefined) throw new HolderError('session_over', { detail: 'the interaction was passed already' });
  const { _id: sessionId, issuerId } = session;
  const { result, claims } = returned;
  const interaction = sealStep({ ring, sessionId, step: 'interaction', evidenceHash, value: { result, claims } });
  const { modifiedCount } = await db.issuances.updateOne(
    { _id: sessionId, issuerId, interaction: { $exists: false }, closedAt: { $exists: false } },
    { $set: { interaction } },
  );
  if (modifiedCount === 1) return { _id: sessionId, interaction };
  // Another return came first, or the session ended.
  const stored = await db.issuances.findOne({ _id: sessionId, issuerId }, { projection: { interaction: 1 } });
  return stored ?? { _id: sessionId };
}

function orPage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HookTokenError)) throw error;
    throw new HolderError('invalid_answer', { detail: `the session_token ${error.message}`, cause: error });
  }
}
