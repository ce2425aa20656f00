/*
 * What the holder's pages say; each page is a pure function of one of these and a language. Texts of the issuer's are
 * already in the reader's language.
 */

/** The issuer, as every page shows it. */
export interface IssuerBranding {
  readonly name: string;
  /** `https:` or `data:` image. */
  readonly logo?: { readonly uri: string; readonly altText?: string };
  /** CSS hex colours, e.g. `#1a2b3c`, checked by whoever set them; the page keeps its contrast whatever they are. */
  readonly backgroundColor?: string;
  readonly textColor?: string;
}

/** A credential, as holders know it. */
export interface CredentialSummary {
  readonly name: string;
  readonly description?: string;
  readonly logo?: { readonly uri: string; readonly altText?: string };
  /** Names of the claims it will hold, for people. */
  readonly claims: readonly string[];
}

/** A form that goes on: a POST to `action` (a path on this server) with these hidden fields. */
export interface PageForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Asks the holder before anything begins. Its form has two buttons: `decision=continue` and `decision=cancel`. */
export interface ConsentContent {
  readonly issuer: IssuerBranding;
  readonly credentials: readonly CredentialSummary[];
  /** The wallet's registered name, or else its client_id; `verified` where it is registered. */
  readonly wallet: {
    readonly name: string;
    readonly verified: boolean;
    /** Host or scheme the answer goes to. */ readonly returnsTo: string;
  };
  readonly form: PageForm;
}

/** The issuer decides later. Reloads itself; the form's one button (`decision=defer`) goes back to the wallet at once. */
export interface ProgressContent {
  readonly issuer: IssuerBranding;
  /** Path of this very page. */
  readonly reload: { readonly url: string; readonly seconds: number };
  readonly form: PageForm;
}

export type HolderFault =
  /** The session's time is over, or it is finished. */
  | 'session_over'
  /** It was begun in another browser, or this one keeps no cookies. */
  | 'other_browser'
  /** The authorization request is at fault: the wallet's doing. */
  | 'invalid_request'
  /** The provider cannot be reached. */
  | 'provider_unavailable'
  /** The provider said no, or the holder did there. */
  | 'access_denied'
  /** The provider's or hook's answer does not hold: forged, tampered, of another session, too late. */
  | 'invalid_answer'
  /** The offer is revoked, paused, used up or over. */
  | 'offer_unavailable'
  /** A dependency of ours is away. */
  | 'unavailable';

export interface ErrorContent {
  readonly issuer: IssuerBranding;
  readonly fault: HolderFault;
  /** A sentence more, for whoever builds the wallet: plain ASCII, never personal. */
  readonly detail?: string;
  /** Where trying again makes sense. */
  readonly retry?: PageForm | { readonly url: string };
  /** Back to the wallet with the error, where the wallet is to know. */
  readonly returnUrl?: string;
  readonly requestId: string;
}

/** All is done here; shown where a browser stays on this page after being sent to the wallet. */
export interface ReturnContent {
  readonly issuer: IssuerBranding;
  /** Absent where the wallet has its answer already. */
  readonly returnUrl?: string;
}

export type OfferPageState = 'open' | 'paused' | 'over' | 'in_progress' | 'collected';

/** An offer for people: `/offers/{id}`. Reloads itself while it is open. */
export interface OfferPageContent {
  readonly issuer: IssuerBranding;
  readonly credentials: readonly CredentialSummary[];
  readonly state: OfferPageState;
  /** While it is open. */
  readonly invitation?: {
    /** QR code as a `data:image/svg+xml` URI. */
    readonly qrCode: string;
    /** Deep links: without a name, for whichever wallet the device has. */
    readonly links: readonly { readonly wallet?: string; readonly url: string }[];
    /** Where the wallet will ask for a transaction code: how long it is, and what the issuer says of it. */
    readonly transactionCode?: { readonly length: number; readonly inputMode: 'numeric' | 'text'; readonly description?: string };
    readonly expiresAt?: Date;
  };
  readonly reload?: { readonly url: string; readonly seconds: number };
}
