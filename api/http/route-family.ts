/** Which protocol a path belongs to: it decides the shape of its errors and whether foreign web pages may call it. */
export type RouteFamily = 'wallet' | 'management' | 'other';

const MANAGEMENT = [
  '/oauth/token',
  '/v1/openid/offers/pre-authorized',
  '/v1/openid/configuration',
  '/v1/users',
  '/v1/claim-sources',
  '/v1/claimsources',
  '/v1/events',
  '/v1/dids',
  '/v1/keys',
  '/v1/oauth/clients',
  '/v2/',
];
/** Reusable offers; any other id below `/v1/openid/offers` is one that wallets have from a `credential_offer_uri`. */
const REUSABLE_OFFERS = /^\/v1\/openid\/offers(?:\/[A-Za-z0-9_-]{22}(?:\/(?:pause|resume))?)?\/?$/;
/** What a holder's browser opens, and no script of another page. */
const HOLDER = [
  '/v1/oauth/authorize',
  '/v1/oauth/authentication/callback',
  '/v1/oauth/sessions',
  '/v1/openid/interaction/return',
];
const WALLET = ['/.well-known/', '/v1/oauth/', '/v1/openid/', '/vct/'];

/** @param path without the query */
export function routeFamily(path: string): RouteFamily {
  if (MANAGEMENT.some((prefix) => startsWithSegment(path, prefix)) || REUSABLE_OFFERS.test(path)) return 'management';
  if (HOLDER.some((prefix) => startsWithSegment(path, prefix))) return 'other';
  return WALLET.some((prefix) => startsWithSegment(path, prefix)) ? 'wallet' : 'other';
}

function startsWithSegment(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/');
}
