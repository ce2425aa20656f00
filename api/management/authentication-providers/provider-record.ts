import type { AuthenticationProviderDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import { walletIssuer } from '../../wallet/wallet-issuer.js';
import { toStoredSecret } from './provider-secret.js';
import type { AuthenticationProviderRequest, AuthenticationProviderView } from './provider.schema.js';

/**
 * The record that a request describes, whatever it says of the default; `current` is the one it replaces.
 *
 * @throws {ManagementError} 400
 */
export function toDocument(
  { ring, now }: ApiContext,
  { request, id, current }: { request: AuthenticationProviderRequest; id: string; current?: AuthenticationProviderDocument },
): AuthenticationProviderDocument {
  const updatedAt = new Date(now());
  return {
    _id: id,
    issuerId: DEFAULT_ISSUER_ID,
    url: request.url,
    clientId: request.clientId,
    ...toStoredSecret({ request, providerId: id, ring, ...(current === undefined ? {} : { current }) }),
    scope: request.scope,
    tokenEndpointAuthMethod: request.tokenEndpointAuthMethod,
    staticRequestParameters: request.staticRequestParameters,
    forwardedRequestParameters: request.forwardedRequestParameters,
    claimsToPersist: request.claimsToPersist,
    userinfo: request.userinfo,
    isDefault: current?.isDefault ?? false,
    createdAt: current?.createdAt ?? updatedAt,
    updatedAt,
  };
}

/** The record as the API shows it, its secret masked. */
export function toView(
  { config }: Pick<ApiContext, 'config'>,
  { _id, maskedSecret, ...provider }: AuthenticationProviderDocument,
  defaultId: string | undefined,
): AuthenticationProviderView {
  return {
    id: _id,
    url: provider.url,
    clientId: provider.clientId,
    ...(maskedSecret === undefined ? {} : { clientSecret: maskedSecret }),
    scope: [...provider.scope],
    tokenEndpointAuthMethod: provider.tokenEndpointAuthMethod,
    staticRequestParameters: provider.staticRequestParameters,
    forwardedRequestParameters: [...provider.forwardedRequestParameters],
    claimsToPersist: [...provider.claimsToPersist],
    userinfo: provider.userinfo,
    isDefault: _id === defaultId,
    redirectUrl: walletIssuer(config).urls.authenticationCallback,
  };
}

/** @throws {ManagementError} 404 */
export async function requireProvider({ db }: ApiContext, id: string): Promise<AuthenticationProviderDocument> {
  const document = await db.authenticationProviders.findOne({ _id: id, issuerId: DEFAULT_ISSUER_ID });
  if (document === null) throw ManagementError.notFound('id', id);
  return document;
}
