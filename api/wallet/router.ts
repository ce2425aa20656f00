import { Router } from 'express';
import type { ApiContext } from '../context.js';
import { methodNotAllowed } from '../http/method-not-allowed.js';
import { recorded } from '../http/recorded.js';
import { statusListPaths } from '../status/status-list-paths.js';
import { authorizationServerMetadata } from './authorization-server-metadata.js';
import { credentialEndpoint } from './credential.js';
import { credentialOfferEndpoint } from './credential-offer.js';
import { deferredCredentialEndpoint } from './deferred-credential.js';
import { didConfigurationEndpoint } from './did-configuration.js';
import { didDocumentsAt } from './did-documents.js';
import { withDpopNonce } from './dpop-nonce-header.js';
import { malformedAs, uncached, type Endpoint } from './endpoint.js';
import { CRL_PATH, iacaCrl } from './iaca-crl.js';
import { IACA_LIST_PATH, iacaList } from './iaca-list.js';
import { issuerMetadata } from './issuer-metadata.js';
import { jwks } from './jwks.js';
import { jwtVcIssuer } from './jwt-vc-issuer.js';
import { nonceEndpoint } from './nonce.js';
import { notificationEndpoint } from './notification.js';
import { documentEndpoint } from './published-document.js';
import { pushedAuthorizationEndpoint } from './pushed-authorization.js';
import { walletServices } from './services.js';
import { tokenEndpoint } from './token.js';
import { typeMetadataAt } from './type-metadata.js';
import { PATHS } from './wallet-issuer.js';

/** Everything a wallet calls. */
export function createWalletRouter(context: ApiContext): Router {
  const services = walletServices(context);
  const { issuer } = services;
  const router = Router({ caseSensitive: true, strict: true });

  const get = (paths: readonly string[], endpoint: Endpoint) => {
    router
      .route([...paths])
      .get(endpoint)
      .all(methodNotAllowed('GET'));
  };
  const post = (path: string, endpoint: Endpoint) => {
    router
      .route(path)
      .post(uncached(withDpopNonce(services, endpoint)))
      .all(methodNotAllowed('POST'));
  };
  const operation = (stem: string, malformed: string, endpoint: Endpoint) =>
    recorded(context, { stem, category: 'OPENID' }, malformedAs(malformed, endpoint)) as Endpoint;
  /** A well-known document: its name inserted before the issuer's path (RFC 8615), or appended to it. */
  const wellKnown = (...names: readonly string[]) =>
    names.flatMap((name) => [
      `/.well-known/${name}`,
      ...(issuer.path === '' ? [] : [`/.well-known/${name}${literal(issuer.path)}`]),
    ]);

  post(
    PATHS.pushedAuthorization,
    operation('OPENID_PUSHED_AUTHORIZATION', 'invalid_request', pushedAuthorizationEndpoint(services)),
  );
  post(PATHS.token, operation('OPENID_TOKEN', 'invalid_request', tokenEndpoint(services)));
  post(PATHS.credential, operation('OPENID_CREDENTIAL', 'invalid_credential_request', credentialEndpoint(services)));
  post(
    PATHS.deferredCredential,
    operation('OPENID_DEFERRED_CREDENTIAL', 'invalid_credential_request', deferredCredentialEndpoint(services)),
  );
  post(PATHS.notification, operation('OPENID_NOTIFICATION', 'invalid_notification_request', notificationEndpoint(services)));
  // No event: anybody may ask for nonces, and nobody shall make us write for it.
  post(PATHS.nonce, nonceEndpoint(services));

  get(wellKnown('openid-credential-issuer'), documentEndpoint(services, issuerMetadata(services)));
  get(
    wellKnown('oauth-authorization-server', 'openid-configuration'),
    documentEndpoint(services, authorizationServerMetadata(services)),
  );
  get(wellKnown('jwt-vc-issuer'), documentEndpoint(services, jwtVcIssuer(services)));
  get([PATHS.jwks], documentEndpoint(services, jwks(services)));
  get(['/.well-known/did-configuration.json', '/.well-known/did-configuration'], didConfigurationEndpoint(services));
  get([IACA_LIST_PATH], iacaList(services));
  get([CRL_PATH], iacaCrl(services));
  for (const [path, endpoint] of statusListPaths(services)) get([path], endpoint);
  router.all(PATHS.offer, credentialOfferEndpoint(context));
  const didDocument = didDocumentsAt(services);
  router
    .route(issuer.path === '' ? '/.well-known/did.json' : '/did.json')
    .get(didDocument)
    .all(methodNotAllowed('GET'));
  router.use(didDocument);
  router.use(typeMetadataAt(services));
  return router;
}

/** A path that matches itself alone, whatever its characters mean in Express. */
function literal(path: string): string {
  return path.replace(/[{}()[\]+?!:*\\]/g, '\\$&');
}
