import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import { activeHook } from '../../store/openid-configuration.js';
import type { AuthorizationRequest } from '../oauth/authorization-request.js';

/**
 * Where the consent form may lead: browsers hold every redirect that follows it against the page's policy, and a provider
 * with a login of its own may send the holder all the way to the wallet. Providers send on to hosts of their own, so any
 * https is allowed where one is https.
 */
export function formTargets(
  { issuer, authenticationProviders }: IssuerSnapshot,
  { redirectUri }: Pick<AuthorizationRequest, 'redirectUri'>,
): readonly string[] {
  const hook = activeHook(issuer);
  const urls = [
    ...[...authenticationProviders.values()].map(({ url }) => url),
    ...(hook === undefined ? [] : [hook.url]),
    redirectUri,
  ];
  return [...new Set(urls.map(targetOf))];
}

function targetOf(url: string): string {
  const { protocol, origin } = new URL(url);
  return protocol === 'http:' ? origin : protocol;
}
