import type { HolderKey } from './messages.js';
import type { IssuanceOutcome } from './phases.js';

/** Which session a side effect belongs to, and how new the issuer's records must be. */
interface SessionScope {
  readonly issuerId: string;
  readonly sessionId: string;
  readonly issuerRevision: number;
}

export interface CollectClaimsInput extends SessionScope {
  readonly configurationId: string;
  readonly claimSourceId: string;
}

export interface IssueCredentialInput extends SessionScope {
  /** Key of the ledger: computed in the workflow, so that a re-run finds what the first run made. */
  readonly ledgerId: string;
  readonly configurationId: string;
  readonly holderKeys: readonly (HolderKey | null)[];
  /** The DID by which the holder named each key, where by one. */
  readonly holderDids?: readonly (string | null)[];
}

export interface CloseIssuanceInput {
  readonly issuerId: string;
  readonly sessionId: string;
  /** The reusable offer it came from, if it came from one. */
  readonly offerId?: string;
  /** Absent where a technical fault ended it. */
  readonly outcome?: IssuanceOutcome;
  /** Ledger entries whose credentials are to be erased, where there are any. */
  readonly ledgerIds: readonly string[];
  /** Of these the entries whose credentials the wallet says it deleted. */
  readonly deletedLedgerIds?: readonly string[];
  /** And those that it never confirmed. */
  readonly unacknowledgedLedgerIds?: readonly string[];
}

/** The side effects of an issuance; made by `createActivities`. Each may run more than once and has its effect once. */
export interface IssuanceActivities {
  /** Asks the claims source and stores its answer, sealed. */
  collectClaims(input: CollectClaimsInput): Promise<void>;
  /** Maps claims, builds, signs and stores the credentials; returns at once where the ledger has them. */
  issueCredential(input: IssueCredentialInput): Promise<void>;
  /** Erases claims and credentials, and notes the outcome. */
  closeIssuance(input: CloseIssuanceInput): Promise<void>;
}

/** How a reusable offer stands; as in its record (store/documents.ts). */
export type OfferState = 'active' | 'paused' | 'revoked' | 'expired';

export interface SetOfferStateInput {
  readonly issuerId: string;
  readonly offerId: string;
  readonly state: OfferState;
}

export interface EndOfferSessionsInput {
  readonly issuerId: string;
  readonly offerId: string;
  /** The session to go on after; absent for all of them. */
  readonly after?: string;
}

/** The side effects of a reusable offer; made by `createActivities`. Each may run more than once and has its effect once. */
export interface OfferActivities {
  /** Notes the state in the offer's record, unless that says it is over. */
  setOfferState(input: SetOfferStateInput): Promise<void>;
  /** Tells every open session of the offer that it is withdrawn. */
  endOfferSessions(input: EndOfferSessionsInput): Promise<void>;
}

/** What a schedule has done ahead of time; made by `createActivities`. Each may run more than once, and in two places at once. */
export interface MaintenanceActivities {
  /** Renews document and status-list signers whose end comes near. */
  rotateCertificateSigners(input: { readonly issuerId: string }): Promise<void>;
  /** Signs CRLs again before they end. */
  signCrls(input: { readonly issuerId: string }): Promise<void>;
}

export interface PublishStatusListInput {
  readonly issuerId: string;
  readonly listId: string;
}

export interface PublishDueStatusListsInput {
  readonly issuerId: string;
}

/** What became of the lists that were due. One that could not be signed is due again. */
export interface PublishDueStatusListsResult {
  readonly published: number;
  readonly failed: number;
}

/** What keeps status lists published; made by `createActivities`. */
export interface StatusActivities {
  /** Builds, signs and stores a list as its entries are. */
  publishStatusList(input: PublishStatusListInput): Promise<void>;
  /** The same for every list of the issuer that has changed, or whose publication is past half of its life. */
  publishDueStatusLists(input: PublishDueStatusListsInput): Promise<PublishDueStatusListsResult>;
}

/** Failures that no retry mends: the credential is denied. */
export const DENIALS = [
  'ClaimsRejected',
  'ClaimsMissing',
  'ConfigurationGone',
  'ClaimsSourceGone',
  'ClaimsSourceInvalid',
] as const;

/** Where activities that call a key store run, beside a worker's own queue: bounded in number and rate of their own. */
export function signerTaskQueue(taskQueue: string): string {
  return `${taskQueue}-signers`;
}
