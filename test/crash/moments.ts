import type { Step } from './journey.js';

/** The ways an offer can go, as the steps of its back-end and its wallet. */
const WAYS = {
  /** The offer's claims are all there is. */
  plain: ['offer', 'token', 'nonce', 'credential', 'collection', 'notification'],
  /** The claims source is asked. */
  sourced: ['offer', 'token', 'nonce', 'credential', 'collection', 'notification'],
  /** The claims source answers so late that the credential becomes deferred. */
  deferred: ['offer', 'token', 'nonce', 'credential', 'collection', 'notification'],
  withdrawn: ['offer', 'withdrawal'],
} as const satisfies Record<string, readonly Step[]>;

export type Way = keyof typeof WAYS;

/** Where on which way a process is when the victim is killed, and which step it is part of. */
export interface Moment {
  readonly place: string;
  readonly step: Step;
  readonly way: Way;
  /** Made without an Idempotency-Key. */
  readonly unkeyed?: true;
}

/** In this order processes are brought there and held; within local activities they have only seconds, so these come last. */
export const MOMENTS: readonly Moment[] = [
  { place: 'create-offer.stored', step: 'offer', way: 'plain' },
  { place: 'create-offer.started', step: 'offer', way: 'plain' },
  { place: 'create-offer.stored', step: 'offer', way: 'plain', unkeyed: true },
  { place: 'create-offer.started', step: 'offer', way: 'plain', unkeyed: true },
  { place: 'token.redeemed', step: 'token', way: 'plain' },
  { place: 'token.answered', step: 'token', way: 'plain' },
  { place: 'nonce.minted', step: 'nonce', way: 'plain' },
  { place: 'credential.verified', step: 'credential', way: 'plain' },
  { place: 'credential.decided', step: 'credential', way: 'plain' },
  { place: 'credential.read', step: 'credential', way: 'plain' },
  { place: 'credential.answered', step: 'credential', way: 'plain' },
  { place: 'deferred.decided', step: 'collection', way: 'deferred' },
  { place: 'deferred.read', step: 'collection', way: 'deferred' },
  { place: 'notification.verified', step: 'notification', way: 'plain' },
  { place: 'notification.signalled', step: 'notification', way: 'plain' },
  { place: 'withdraw-offer.described', step: 'withdrawal', way: 'withdrawn' },
  { place: 'withdraw-offer.signalled', step: 'withdrawal', way: 'withdrawn' },
  { place: 'collect-claims.before-request', step: 'credential', way: 'sourced' },
  { place: 'collect-claims.after-request', step: 'credential', way: 'sourced' },
  { place: 'collect-claims.after-store', step: 'credential', way: 'sourced' },
  { place: 'issue-credential.start', step: 'credential', way: 'plain' },
  { place: 'issue-credential.status-taken', step: 'credential', way: 'plain' },
  { place: 'issue-credential.signed', step: 'credential', way: 'plain' },
  { place: 'issue-credential.stored', step: 'credential', way: 'plain' },
  { place: 'close-issuance.start', step: 'notification', way: 'plain' },
  { place: 'close-issuance.erased', step: 'notification', way: 'plain' },
  { place: 'close-issuance.start', step: 'withdrawal', way: 'withdrawn' },
];

export const stepsBefore = ({ way, step }: Moment): readonly Step[] => steps(way).slice(0, steps(way).indexOf(step));

export const stepsAfter = ({ way, step }: Moment): readonly Step[] => steps(way).slice(steps(way).indexOf(step) + 1);

function steps(way: Way): readonly Step[] {
  return WAYS[way];
}
