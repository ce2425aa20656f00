/** Name of the workflow type, for scheduling it by name. */
export const MAINTENANCE_WORKFLOW = 'maintenance';

export interface MaintenanceInput {
  readonly issuerId: string;
}
