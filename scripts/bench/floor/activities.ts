/** The side effects of the bare workflow: one, and it has none. */
export interface FloorActivities {
  issue(requestId: string): Promise<void>;
}

export const floorActivities: FloorActivities = { issue: () => Promise.resolve() };
