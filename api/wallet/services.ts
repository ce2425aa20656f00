import type { ApiContext } from '../context.js';
import { AccessTokenVerifier } from '../oauth/access-token.js';
import { ClientSecrets } from '../oauth/client-secrets.js';
import { TokenDeliveries } from '../oauth/token-delivery.js';
import { SessionCalls } from './session-calls.js';
import { walletIssuer, type WalletIssuer } from './wallet-issuer.js';

/** What the wallet-facing endpoints share, besides the context. */
export interface WalletServices {
  readonly context: ApiContext;
  readonly issuer: WalletIssuer;
  readonly tokens: AccessTokenVerifier;
  readonly secrets: ClientSecrets;
  readonly deliveries: TokenDeliveries;
  readonly calls: SessionCalls;
}

const made = new WeakMap<ApiContext, WalletServices>();

/** The services of a context, made once: `deliveries.flush()` is due before its database closes. */
export function walletServices(context: ApiContext): WalletServices {
  const known = made.get(context);
  if (known !== undefined) return known;
  const issuer = walletIssuer(context.config);
  const services: WalletServices = {
    context,
    issuer,
    tokens: new AccessTokenVerifier({ issuerIdentifier: issuer.identifier }),
    secrets: new ClientSecrets({ now: context.now }),
    deliveries: new TokenDeliveries({
      db: context.db,
      issuerId: issuer.id,
      instance: context.instance,
      now: context.now,
      onError: (error) =>
        context.logger.warn({ error: error instanceof Error ? error.name : 'Error' }, 'token deliveries could not be noted'),
    }),
    calls: new SessionCalls(),
  };
  made.set(context, services);
  return services;
}
