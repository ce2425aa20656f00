import { randomUUID } from 'node:crypto';
import type { AuthenticationProviderDocument } from '../../../../store/documents.js';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../../../store/issuer-directory.js';
import type { SharedSystem } from '../../../harness/use-system.js';

/** Enters a provider of its own among the issuer's, not the default one. Nobody logs in there. */
export async function newProvider({ db }: Pick<SharedSystem, 'db'>): Promise<AuthenticationProviderDocument> {
  const createdAt = new Date();
  const id = randomUUID();
  const provider: AuthenticationProviderDocument = {
    _id: id,
    issuerId: DEFAULT_ISSUER_ID,
    url: `https://login-${id}.example`,
    clientId: 'chancery',
    scope: ['openid'],
    tokenEndpointAuthMethod: 'none',
    staticRequestParameters: {},
    forwardedRequestParameters: [],
    claimsToPersist: [],
    userinfo: false,
    isDefault: false,
    createdAt,
    updatedAt: createdAt,
  };
  await db.authenticationProviders.insertOne(provider);
  await new IssuerDirectory({ db }).changed(DEFAULT_ISSUER_ID);
  return provider;
}
