import type { OAuthParameters } from './parameters.js';

/** What this server reads itself, or must not hand on. */
const OWN = new Set([
  'response_type',
  'response_mode',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'authorization_details',
  'resource',
  'issuer_state',
  'dpop_jkt',
  'request',
  'request_uri',
]);
/** OpenID Connect Core 3.1.2.1: these first, whatever else there is. */
const COMMON = ['login_hint', 'prompt', 'max_age', 'ui_locales', 'acr_values'];
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const LONGEST_VALUE = 512;
const MOST = 20;
/** Of all of them together, as JSON: they travel in the URL of a pushed request. */
const MOST_BYTES = 2048;

/**
 * The parameters that the holder's provider may be sent, as far as it is configured so. What is too much is left out:
 * a parameter that nobody knows is no fault of the request's (AUT-11).
 */
export function forwardedParameters(parameters: OAuthParameters): Readonly<Record<string, string>> {
  const candidates = [...COMMON, ...parameters.keys()].filter((name) => NAME.test(name) && !OWN.has(name));
  const kept = new Map<string, string>();
  let bytes = 0;
  for (const name of new Set(candidates)) {
    const value = parameters.get(name);
    if (value === undefined || value.length > LONGEST_VALUE) continue;
    bytes += Buffer.byteLength(JSON.stringify([name, value]));
    if (kept.size === MOST || bytes > MOST_BYTES) break;
    kept.set(name, value);
  }
  return Object.fromEntries(kept);
}
