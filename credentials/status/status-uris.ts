import type { StatusListDocument } from '../../store/status-documents.js';
import type { StatusReference } from '../credential-format.js';

/** Where a list is served: what credentials name, and the list itself as its `sub` or `id`. */
export interface StatusUris {
  readonly uri: string;
  /** Of a list for suspensions beside it. */
  readonly suspensionUri?: string;
}

/** @param options.issuerIdentifier the credential issuer identifier */
export function statusUris({
  issuerIdentifier,
  list: { _id, profile, mechanism, bits },
}: {
  issuerIdentifier: string;
  list: Pick<StatusListDocument, '_id' | 'profile' | 'mechanism' | 'bits'>;
}): StatusUris {
  const base = `${issuerIdentifier}/v2/credentials/${profile}`;
  if (mechanism === 'token-status-list') return { uri: `${base}/status-lists/${_id}/token` };
  if (mechanism !== 'bitstring-status-list') return { uri: `${base}/revocation-lists/${_id}` };
  const suspension = bits === 2 ? { suspensionUri: `${base}/status-lists/${_id}/suspension` } : {};
  return { uri: `${base}/status-lists/${_id}/revocation`, ...suspension };
}

/** How a credential names its place in a list. */
export function statusReference({
  issuerIdentifier,
  list,
  index,
}: Parameters<typeof statusUris>[0] & { readonly index: number }): StatusReference {
  return { mechanism: list.mechanism, ...statusUris({ issuerIdentifier, list }), index };
}

/** Where all lists of a profile are named (TSL 9). */
export function statusAggregationUri({ issuerIdentifier, profile }: { issuerIdentifier: string; profile: string }): string {
  return `${issuerIdentifier}/v2/credentials/${profile}/status-lists/distribution`;
}
