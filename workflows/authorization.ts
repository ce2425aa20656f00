import type {
  AuthenticatedRequest,
  AuthorizationError,
  AuthorizationInput,
  Decision,
  InteractionReturnedRequest,
  NextStep,
  ResumeRequest,
} from './messages.js';

/** How far a holder is on the way from the authorization request to the code. */
export interface AuthorizationRecord {
  readonly step: 'authentication' | 'interaction' | 'approval' | 'released';
  /** When it came to this step, milliseconds since the epoch. */
  readonly since: number;
  readonly limits: {
    /** Absent where no interaction hook is passed. */
    readonly interactionMs?: number;
    readonly approvalMs: number;
    readonly codeMs: number;
  };
  /** Names the login. */
  readonly authentication?: string;
  /** Names what the hook returned. */
  readonly interaction?: string;
  /** A decision that the hook left open, and since when. */
  readonly approval?: 'pending' | 'completed' | 'refused';
  readonly approvalSince?: number;
  /** Codes handed out lately: each lives its own time, and one of them can be redeemed. */
  readonly codes: readonly { readonly hash: string; readonly expiresAt: number }[];
  readonly ended?: AuthorizationEnd;
  readonly error?: AuthorizationError;
}

/** How an authorization ends early. */
export type AuthorizationEnd = 'authentication_failed' | 'interaction_refused' | 'revoked';

/** A record one message later, and where the browser goes. */
export interface Stepped extends NextStep {
  readonly record: AuthorizationRecord;
}

/** A browser that reloads, or two at once, must not make each other's codes worthless. */
const MOST_CODES = 3;
/** How long after its last code a session waits for the browser to ask for another. */
const LATE_RETURN_MS = 240_000;

export function beginAuthorization(input: AuthorizationInput, now: number): AuthorizationRecord {
  const { interactionSeconds, approvalSeconds, codeSeconds } = input;
  return {
    step: 'authentication',
    since: now,
    limits: {
      ...(interactionSeconds === undefined ? {} : { interactionMs: interactionSeconds * 1000 }),
      approvalMs: approvalSeconds * 1000,
      codeMs: codeSeconds * 1000,
    },
    codes: [],
  };
}

/** The holder logged in. A repeat of the same login goes on from wherever the session is by now. */
export function passAuthentication(record: AuthorizationRecord, request: AuthenticatedRequest, now: number): Stepped {
  if (record.step !== 'authentication') return resumed(record, { codeHash: request.codeHash, defer: false }, now);
  const passed = { ...record, authentication: request.evidenceHash };
  if (record.limits.interactionMs === undefined) return released(passed, request.codeHash, now);
  return { record: { ...passed, step: 'interaction', since: now }, next: 'interaction' };
}

/** The holder is back from the hook. A repeat of the same return likewise. */
export function passInteraction(record: AuthorizationRecord, request: InteractionReturnedRequest, now: number): Stepped {
  const { evidenceHash, codeHash, result } = request;
  if (record.step !== 'interaction') return resumed(record, { codeHash, defer: false }, now);
  const passed = { ...record, interaction: evidenceHash };
  // A hook may have decided before the browser is back from it.
  const undecided: AuthorizationRecord = { ...passed, approval: record.approval ?? 'pending', approvalSince: now };
  switch (result) {
    case 'completed':
      return released(passed, codeHash, now);
    case 'deferred':
      return released(undecided, codeHash, now);
    case 'pending':
      return resumed({ ...undecided, step: 'approval', since: now }, { codeHash, defer: false }, now);
    case 'refused':
      return { record: { ...passed, ended: 'interaction_refused', error: 'access_denied' }, next: 'interaction' };
  }
}

/** The browser asks how it goes on. */
export function resumed(record: AuthorizationRecord, { codeHash, defer }: ResumeRequest, now: number): Stepped {
  const isWaiting = record.step === 'approval' && record.approval === 'pending' && !defer;
  if (record.step === 'released' || (record.step === 'approval' && !isWaiting)) return released(record, codeHash, now);
  return { record, next: record.step };
}

/** The issuer's decision; one that nobody waits for, or a second one, changes nothing. */
export function decided(record: AuthorizationRecord, { result }: Decision): AuthorizationRecord {
  const isAwaited = record.approval === 'pending' || (record.step === 'interaction' && record.approval === undefined);
  if (!isAwaited || record.ended !== undefined) return record;
  if (result === 'completed') return { ...record, approval: 'completed' };
  return { ...record, approval: 'refused', ended: 'interaction_refused', error: 'access_denied' };
}

/** When the session ends if the holder does nothing, milliseconds since the epoch. */
export function authorizationDeadline(record: AuthorizationRecord, sessionEndsAt: number): number {
  const { step, since, limits, approvalSince = since, codes } = record;
  switch (step) {
    case 'authentication':
      return sessionEndsAt;
    case 'interaction':
      return since + (limits.interactionMs ?? 0);
    case 'approval':
      return approvalSince + limits.approvalMs;
    case 'released':
      return Math.max(...codes.map(({ expiresAt }) => expiresAt)) + LATE_RETURN_MS;
  }
}

export function authorizationPhase({
  step,
}: AuthorizationRecord): 'WAIT_AUTH' | 'WAIT_INTERACTION' | 'WAIT_APPROVAL' | 'WAIT_CODE' {
  const phases = {
    authentication: 'WAIT_AUTH',
    interaction: 'WAIT_INTERACTION',
    approval: 'WAIT_APPROVAL',
    released: 'WAIT_CODE',
  } as const;
  return phases[step];
}

function released(record: AuthorizationRecord, codeHash: string, now: number): Stepped {
  const codes = [...record.codes.slice(1 - MOST_CODES), { hash: codeHash, expiresAt: now + record.limits.codeMs }];
  const since = record.step === 'released' ? record.since : now;
  return { record: { ...record, step: 'released', since, codes }, next: 'code' };
}
