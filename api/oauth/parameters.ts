import { OAuthError } from '../http/errors.js';

/** The parameters of an OAuth request, each once. */
export type OAuthParameters = ReadonlyMap<string, string>;

/**
 * Parameters of a query or a form. One without a value counts as left out (RFC 6749 3.1, 3.2).
 *
 * @throws {OAuthError} `invalid_request` for one that is given twice
 */
export function parametersOf(entries: Iterable<readonly [string, string]>): OAuthParameters {
  const all = new Map<string, string>();
  for (const [name, value] of entries) {
    if (all.has(name)) throw new OAuthError('invalid_request', 'a parameter appears more than once');
    all.set(name, value);
  }
  return new Map([...all].filter(([, value]) => value !== ''));
}
