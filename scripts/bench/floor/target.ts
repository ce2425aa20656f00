import type { Flow } from '../options.js';

/** Where the bare workflows run. */
export interface FloorTarget {
  readonly temporalAddress: string;
  /** With an authorization code a workflow takes one update more: the login. */
  readonly flow: Flow;
}

export const FLOOR_TASK_QUEUE = 'floor';

/** As long as an offer lives by default. */
export const FLOOR_EXPIRES_IN_MS = 300_000;
