import type { Response } from 'express';
import type { IssuanceDocument } from '../../store/documents.js';
import { openStep } from '../../store/holder-steps.js';
import type { NextStep } from '../../workflows/messages.js';
import { goOn } from './go-on.js';
import type { HolderServices } from './services.js';

/**
 * Asks how a session goes on, and sends the browser there. What its record has and its workflow was never told, since a
 * process died in between, is told now: nobody has to log in or to pass the interaction twice, or waits for a decision that
 * was made.
 *
 * @param options.defer whether the holder does not want to wait for the decision
 */
export function resumeSession(
  services: HolderServices,
  response: Response,
  session: IssuanceDocument,
  { defer }: { defer: boolean },
): Promise<void> {
  return goOn(services, response, session, async (codeHash) => {
    await tellDecision(services, session);
    return tellSteps(services, session, { codeHash, defer });
  });
}

/** The first decision counts: telling it again changes nothing. */
async function tellDecision({ context }: HolderServices, session: IssuanceDocument): Promise<void> {
  const approval = openStep(context.ring, session, 'approval');
  if (approval === undefined) return;
  const result = approval.result === 'refused' ? 'refused' : 'completed';
  await context.issuances.decide(addressOf(session), { result });
}

async function tellSteps(
  { context: { issuances, ring } }: HolderServices,
  session: IssuanceDocument,
  { codeHash, defer }: { codeHash: string; defer: boolean },
): Promise<NextStep> {
  const { authentication, interaction } = session;
  const address = addressOf(session);
  let step = await issuances.resume(address, { codeHash, defer });
  if (step.next === 'authentication' && authentication !== undefined) {
    step = await issuances.authenticated(address, { evidenceHash: authentication.evidenceHash, codeHash });
  }
  const returned = openStep(ring, session, 'interaction');
  if (step.next === 'interaction' && interaction !== undefined && returned !== undefined) {
    const { evidenceHash } = interaction;
    step = await issuances.interactionReturned(address, { evidenceHash, result: returned.result, codeHash });
  }
  return step;
}

function addressOf({ _id: sessionId, issuerId }: IssuanceDocument) {
  return { issuerId, sessionId };
}
