import type { StatusPolicyDocument } from '../../../store/configuration-documents.js';

type PolicyRequest = StatusPolicyDocument | undefined;

/** The record's `status`, from whether credentials have one (`includeStatus` or `revocable`) and the policy. */
export function statusOf({ hasStatus, statusPolicy }: { hasStatus: boolean; statusPolicy?: PolicyRequest }): {
  status?: StatusPolicyDocument;
} {
  return hasStatus ? { status: statusPolicy ?? { suspendable: false, revokeOn: [] } } : {};
}

/** The same as the API shows it, the flag under the name that the profile gives it. */
export function statusMembers(
  flag: 'includeStatus' | 'revocable',
  status: StatusPolicyDocument | undefined,
): Readonly<Record<string, unknown>> {
  const isPlain = status === undefined || (!status.suspendable && status.revokeOn.length === 0);
  return { [flag]: status !== undefined, ...(isPlain ? {} : { statusPolicy: status }) };
}
