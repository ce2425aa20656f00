import type { AuthorizationPolicy, InteractionHookDocument, IssuerDocument } from './documents.js';

/** What holds where the issuer set nothing: as open as MATTR VII, with PAR, registration and authentication left to choice. */
export const DEFAULT_AUTHORIZATION_POLICY: AuthorizationPolicy = {
  requirePushedAuthorizationRequests: false,
  unknownClients: 'allow',
  requireClientAuthentication: false,
  consent: 'always',
  persistClaims: true,
};

/** The issuer's policy. */
export function authorizationPolicy({ openid }: IssuerDocument): AuthorizationPolicy {
  return openid?.authorization ?? DEFAULT_AUTHORIZATION_POLICY;
}

/** The interaction hook that holders pass, if one is set and not disabled. */
export function activeHook({ openid }: IssuerDocument): InteractionHookDocument | undefined {
  const hook = openid?.interactionHook;
  return hook === undefined || hook.disabled ? undefined : hook;
}

/** Context under which the hook's secrets are sealed. */
export function hookSecretContext(issuerId: string): string {
  return `${issuerId}/interaction-hook`;
}
