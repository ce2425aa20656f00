import type { Flow } from '../options.js';

/** Where the issuer under load is. */
export interface IssuerTarget {
  readonly flow: Flow;
  /** Where its API listens, e.g. `http://127.0.0.1:3000`. */
  readonly origin: string;
  /** The credential issuer identifier: the audience of key proofs. */
  readonly issuer: string;
  /** A management access token that may create offers. */
  readonly managementToken: string;
  readonly configurationId: string;
  /** By which wallets ask for it at the authorization endpoint. */
  readonly scope: string;
}
