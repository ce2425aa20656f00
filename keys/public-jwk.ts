import { createHash } from 'node:crypto';

/** A public key as a JWK; members beyond those of its key type are ignored. */
export type AnyPublicJwk = Readonly<Record<string, unknown>>;

/** What makes up a public key, by key type, in the order RFC 7638 hashes it. */
const REQUIRED_MEMBERS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
  ['RSA', ['e', 'kty', 'n']],
]);

/**
 * The key and nothing else: no private part, no `kid`, `alg` or `use` (RFC 7638 3.2, SDJWTVC `cnf`).
 *
 * @throws {TypeError} for a key type other than EC, OKP and RSA, or a missing member
 */
export function bareJwk(jwk: AnyPublicJwk): Record<string, string> {
  const members = REQUIRED_MEMBERS.get(jwk.kty);
  if (members === undefined) throw new TypeError('the JWK is of no known asymmetric key type');
  return Object.fromEntries(
    members.map((member) => {
      const value = Object.hasOwn(jwk, member) ? jwk[member] : undefined;
      if (typeof value !== 'string' || value === '') throw new TypeError(`the JWK lacks its member ${member}`);
      return [member, value];
    }),
  );
}

/** SHA-256 thumbprint of a public key, base64url (RFC 7638). */
export function jwkThumbprint(jwk: AnyPublicJwk): string {
  return createHash('sha256')
    .update(JSON.stringify(bareJwk(jwk)))
    .digest('base64url');
}
