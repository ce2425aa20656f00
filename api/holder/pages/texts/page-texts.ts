import type { HolderFault, OfferPageState } from '../page-contents.js';

/** All that the pages say, in one language. Plain text: whoever puts it into a page escapes it. */
export interface PageTexts {
  readonly footer: (issuer: string) => string;
  readonly credentials: {
    /** Before the list of its claims. */
    readonly claims: string;
  };
  readonly consent: {
    readonly title: (credentials: number) => string;
    readonly intro: (issuer: string, credentials: number) => string;
    readonly wallet: string;
    readonly verified: (issuer: string) => string;
    readonly unverified: (issuer: string) => string;
    /** Before a host or scheme. */
    readonly returnsTo: string;
    readonly next: string;
    readonly continue: string;
    readonly cancel: string;
  };
  readonly progress: {
    readonly title: string;
    readonly waiting: (issuer: string) => string;
    readonly leaving: string;
    readonly leave: string;
  };
  readonly reload: {
    readonly automatic: (seconds: number) => string;
    readonly stopped: string;
    readonly now: string;
    readonly stop: string;
    readonly start: string;
  };
  readonly return: {
    readonly title: string;
    readonly pending: string;
    readonly finished: string;
    readonly open: string;
    readonly close: string;
  };
  readonly offer: {
    readonly states: Readonly<Record<OfferPageState, { readonly title: string; readonly text: (issuer: string) => string }>>;
    /** On a link; without a name, for whichever wallet the device has. */
    readonly openIn: (wallet: string | undefined) => string;
    readonly thisDevice: string;
    readonly otherDevice: string;
    readonly scan: string;
    readonly qrCode: string;
    readonly code: string;
    readonly codeOf: Readonly<Record<'numeric' | 'text', (length: number) => string>>;
    /** Before a date and time. */
    readonly validUntil: string;
  };
  readonly error: {
    readonly faults: Readonly<Record<HolderFault, { readonly title: string; readonly text: string }>>;
    /** Before a sentence in English. */
    readonly detail: string;
    readonly retry: string;
    readonly back: string;
    /** Before an id. */
    readonly reference: string;
  };
}
