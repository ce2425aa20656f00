import type { IssuerDocument } from '../../../store/documents.js';
import { authorizationPolicy } from '../../../store/openid-configuration.js';
import type { ApiContext } from '../../context.js';
import { shownHookSecret } from './hook-secret.js';
import type { OpenIdConfigurationView } from './openid-configuration.schema.js';

/** The issuer's configuration as the API shows it: the hook's secret in clear, as MATTR does (product.md 4). */
export function toView({ ring, now }: Pick<ApiContext, 'ring' | 'now'>, issuer: IssuerDocument): OpenIdConfigurationView {
  const hook = issuer.openid?.interactionHook;
  const authorization = { ...authorizationPolicy(issuer) };
  if (hook === undefined) return { authorization };
  const { url, claims, sessionTimeoutInSec, disabled, previous } = hook;
  return {
    interactionHook: {
      url,
      claims: [...claims],
      ...(sessionTimeoutInSec === undefined ? {} : { sessionTimeoutInSec }),
      disabled,
      secret: shownHookSecret(ring, issuer._id, hook),
      ...(previous === undefined || previous.until.getTime() <= now()
        ? {}
        : { previousSecretValidUntil: previous.until.toISOString() }),
    },
    authorization,
  };
}
