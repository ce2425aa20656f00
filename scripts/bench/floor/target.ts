/** Where the bare workflows run. */
export interface FloorTarget {
  readonly temporalAddress: string;
}

export const FLOOR_TASK_QUEUE = 'floor';

/** As long as an offer lives by default. */
export const FLOOR_EXPIRES_IN_MS = 300_000;
