import type { Config } from '../../config/config.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';

/** Paths of the endpoints that wallets and holders' browsers call, below the issuer's identifier. */
export const PATHS = {
  pushedAuthorization: '/v1/oauth/par',
  authorize: '/v1/oauth/authorize',
  token: '/v1/oauth/token',
  jwks: '/v1/oauth/jwks',
  credential: '/v1/openid/credential',
  nonce: '/v1/openid/nonce',
  deferredCredential: '/v1/openid/deferred-credential',
  notification: '/v1/openid/notification',
  authenticationCallback: '/v1/oauth/authentication/callback',
  interactionReturn: '/v1/openid/interaction/return',
  interactionResult: '/v1/openid/interaction/result',
  session: '/v1/oauth/sessions/:id',
  offer: '/v1/openid/offers/:id',
  offerPage: '/offers/:id',
} as const;

/** The issuer whom a wallet talks to, who is his own authorization server. */
export interface WalletIssuer {
  readonly id: string;
  /** The Credential Issuer Identifier (OID4VCI 12.2.1): an URL without a slash at its end, compared as a string. */
  readonly identifier: string;
  /** Path of the identifier: empty, or `/` and more. */
  readonly path: string;
  readonly urls: Readonly<Record<Exclude<keyof typeof PATHS, 'offer' | 'offerPage' | 'session'>, string>>;
}

/** The issuer of this deployment. Every URL follows from the configuration, none from the Host header (MET-05). */
export function walletIssuer({ PUBLIC_URL: identifier }: Pick<Config, 'PUBLIC_URL'>): WalletIssuer {
  const { pathname } = new URL(identifier);
  return {
    id: DEFAULT_ISSUER_ID,
    identifier,
    path: pathname === '/' ? '' : pathname,
    urls: {
      pushedAuthorization: identifier + PATHS.pushedAuthorization,
      authorize: identifier + PATHS.authorize,
      authenticationCallback: identifier + PATHS.authenticationCallback,
      interactionReturn: identifier + PATHS.interactionReturn,
      interactionResult: identifier + PATHS.interactionResult,
      token: identifier + PATHS.token,
      jwks: identifier + PATHS.jwks,
      credential: identifier + PATHS.credential,
      nonce: identifier + PATHS.nonce,
      deferredCredential: identifier + PATHS.deferredCredential,
      notification: identifier + PATHS.notification,
    },
  };
}

/** The page that shows an offer to people. */
export function offerPageUrl({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>, reference: string): string {
  return PUBLIC_URL + PATHS.offerPage.replace(':id', reference);
}
