import { openEnvelope, sealEnvelope } from '../keys/envelope.js';
import type { KeyEncryptionRing } from '../keys/key-encryption.js';
import type { HolderStepDocument, IssuanceDocument } from './documents.js';

/** Who logged in, and what the provider says of them. */
export interface AuthenticatedHolder {
  readonly url: string;
  readonly subjectId: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What the interaction hook returned. */
export interface InteractionResult {
  readonly result: 'completed' | 'refused' | 'pending' | 'deferred';
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The sealed contents of each step, by its name in the session's record. */
interface HolderSteps {
  readonly authentication: AuthenticatedHolder;
  readonly interaction: InteractionResult;
  readonly approval: InteractionResult;
}

/** Seals what a step brought, for the record of its session. */
export function sealStep<S extends keyof HolderSteps>({
  ring,
  sessionId,
  step,
  evidenceHash,
  value,
}: {
  ring: KeyEncryptionRing;
  sessionId: string;
  step: S;
  evidenceHash: string;
  value: HolderSteps[S];
}): HolderStepDocument {
  return { evidenceHash, sealed: sealEnvelope({ ring, value, context: `${sessionId}/${step}` }) };
}

/** Reads what a step brought; `undefined` where it was not passed. */
export function openStep<S extends keyof HolderSteps>(
  ring: KeyEncryptionRing,
  session: Pick<IssuanceDocument, '_id' | S>,
  step: S,
): HolderSteps[S] | undefined {
  const document: HolderStepDocument | undefined = session[step];
  if (document === undefined) return undefined;
  return openEnvelope({ ring, envelope: document.sealed, context: `${session._id}/${step}` }) as HolderSteps[S];
}
