/** A holder's public key as proven by the wallet. */
export type HolderJwk = Readonly<Record<string, string>>;
