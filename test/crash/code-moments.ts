import type { CodeStep } from './code-journey.js';

/** The ways from the wallet's request to its credential. */
const WAYS = {
  /** The hook answers at once. */
  prompt: ['authorize', 'login', 'interaction', 'token', 'credential', 'notification'],
  /** The hook leaves the decision open, and the browser waits for it. */
  pending: ['authorize', 'login', 'interaction', 'decision', 'return', 'token', 'credential', 'notification'],
} as const satisfies Record<string, readonly CodeStep[]>;

export type CodeWay = keyof typeof WAYS;

/** Where on which way a process is when the victim is killed, and which step it is part of. */
export interface CodeMoment {
  readonly place: string;
  readonly step: CodeStep;
  readonly way: CodeWay;
  /** The browser reloads afterwards, although it was answered. */
  readonly reloads?: true;
  /** Nobody asks a second time (`CodeJourneyOptions.impatient`). */
  readonly impatient?: true;
}

export const CODE_MOMENTS: readonly CodeMoment[] = [
  { place: 'authorize.stored', step: 'authorize', way: 'prompt' },
  { place: 'authorize.started', step: 'authorize', way: 'prompt' },
  { place: 'callback.exchanged', step: 'login', way: 'prompt' },
  { place: 'callback.stored', step: 'login', way: 'prompt' },
  { place: 'callback.answered', step: 'login', way: 'prompt', reloads: true },
  { place: 'interaction.stored', step: 'interaction', way: 'prompt' },
  { place: 'interaction.stored', step: 'interaction', way: 'pending' },
  { place: 'interaction.stored', step: 'interaction', way: 'prompt', impatient: true },
  { place: 'interaction.answered', step: 'interaction', way: 'prompt', reloads: true },
  { place: 'decision.stored', step: 'decision', way: 'pending' },
  { place: 'decision.stored', step: 'decision', way: 'pending', impatient: true },
  { place: 'token.redeemed', step: 'token', way: 'prompt' },
  { place: 'token.answered', step: 'token', way: 'prompt' },
  { place: 'collect-claims.after-request', step: 'credential', way: 'prompt' },
];

export const stepsBefore = ({ way, step }: CodeMoment): readonly CodeStep[] => steps(way).slice(0, steps(way).indexOf(step));

export const stepsAfter = ({ way, step }: CodeMoment): readonly CodeStep[] => steps(way).slice(steps(way).indexOf(step) + 1);

export function steps(way: CodeWay): readonly CodeStep[] {
  return WAYS[way];
}
