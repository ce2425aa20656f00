const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;

/**
 * Every fault of a provider's discovery document, each a sentence without its subject (which is the provider's URL).
 *
 * @param options.userinfo whether there has to be a userinfo endpoint
 * @param options.allowedHosts whose endpoints may be plain http
 */
export function discoveryFaults(
  document: Readonly<Record<string, unknown>>,
  { url, userinfo, allowedHosts }: { url: string; userinfo: boolean; allowedHosts: readonly string[] },
): string[] {
  const { issuer, scopes_supported: scopes } = document;
  const endpoints = userinfo ? [...ENDPOINTS, 'userinfo_endpoint'] : ENDPOINTS;
  return [
    ...(typeof issuer === 'string' && withoutSlash(issuer) === withoutSlash(url)
      ? []
      : ['has a discovery document with another issuer; give the URL exactly as its issuer is']),
    ...endpoints.flatMap((name) => {
      if (document[name] === undefined) return [`has a discovery document without ${name}`];
      return isEndpoint(document[name], allowedHosts) ? [] : [`has a discovery document whose ${name} is not an https URL`];
    }),
    ...(Array.isArray(scopes) ? [] : ['has a discovery document without scopes_supported']),
  ];
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '');
}

function isEndpoint(value: unknown, allowedHosts: readonly string[]): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, host } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && (allowedHosts.includes(hostname) || allowedHosts.includes(host)));
}
