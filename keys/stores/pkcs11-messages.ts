/** What the process that holds the PKCS #11 module is asked (keys/stores/pkcs11-process.ts). The first is `open`. */
export type Pkcs11Request = { readonly id: number } & (
  | {
      readonly task: 'open';
      /** Path of the module's shared library. */
      readonly module: string;
      /** Label of the token. */
      readonly token: string;
      readonly pin: string;
      /** How many signatures may be made at once. */
      readonly sessions: number;
    }
  | { readonly task: 'sign'; readonly label: string; readonly digest: Uint8Array }
  | { readonly task: 'generate'; readonly label: string }
);

/** Its answer: what was asked for (a raw signature; an uncompressed point), or a word of PKCS #11 (`CKR_...`) or of ours. */
export type Pkcs11Answer = { readonly id: number } & ({ readonly value: Uint8Array } | { readonly code: string });

/** The token answers, and has no key of that label. */
export const KEY_ABSENT = 'KEY_ABSENT';
