/** Which protocol a path belongs to: it decides the shape of its errors and whether foreign web pages may call it. */
export type RouteFamily = 'wallet' | 'management' | 'other';

const MANAGEMENT = [
  '/oauth/token',
  '/v1/openid/offers/pre-authorized',
  '/v1/claim-sources',
  '/v1/claimsources',
  '/v1/events',
  '/v2/',
];
const WALLET = ['/.well-known/', '/v1/oauth/', '/v1/openid/', '/vct/'];

/** @param path without the query */
export function routeFamily(path: string): RouteFamily {
  if (MANAGEMENT.some((prefix) => startsWithSegment(path, prefix))) return 'management';
  return WALLET.some((prefix) => startsWithSegment(path, prefix)) ? 'wallet' : 'other';
}

function startsWithSegment(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/');
}
