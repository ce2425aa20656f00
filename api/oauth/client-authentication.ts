import type { Request } from 'express';
import type { WalletClientDocument, WalletClientGrant } from '../../store/documents.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import { authorizationPolicy } from '../../store/openid-configuration.js';
import type { ApiContext } from '../context.js';
import { OAuthError } from '../http/errors.js';
import { readClientAssertion, spendClientAssertion, verifyClientAssertion, type ClientAssertion } from './client-assertion.js';
import { invalidClient, presentedCredentials, type PresentedCredentials } from './client-credentials.js';
import type { ClientSecrets } from './client-secrets.js';
import type { OAuthParameters } from './parameters.js';

/** Who sends a request, as far as it can be told. */
export interface IdentifiedClient {
  /** Absent for an anonymous wallet. */
  readonly clientId?: string;
  /** Present for a registered one. */
  readonly client?: WalletClientDocument;
  readonly authenticated: boolean;
}

/** The authorization server that a client authenticates to. */
interface AuthenticatingIssuer {
  readonly id: string;
  readonly identifier: string;
  readonly urls: { readonly token: string; readonly pushedAuthorization: string };
}

interface Identification {
  readonly request: Pick<Request, 'headersDistinct'>;
  readonly parameters: OAuthParameters;
  readonly context: Pick<ApiContext, 'db' | 'directory' | 'now'>;
  readonly issuer: AuthenticatingIssuer;
  readonly secrets: ClientSecrets;
}

const CLIENT_ID = /^[\x21-\x7e]{1,512}$/;

/**
 * Tells which client sends a request to the PAR or the token endpoint, and authenticates it by the method it is
 * registered for (RFC 6749 2.3, RFC 9126 2). Whether a wallet may stay anonymous is the caller's question.
 *
 * @throws {OAuthError} 401 `invalid_client`
 */
export async function identifyWalletClient(identification: Identification): Promise<IdentifiedClient> {
  const { request, parameters, context, issuer } = identification;
  const presented = presentedCredentials(request, parameters);
  const assertion = presented.method === 'private_key_jwt' ? readClientAssertion(presented.assertion) : undefined;
  const clientId = presentedClientId(parameters, { presented, assertion });
  const snapshot = await context.directory.get(issuer.id);
  if (clientId === undefined) return anonymousClient(snapshot);
  const client = namedClient(clientId, { snapshot, method: presented.method });
  if (client === undefined) {
    if (presented.method === 'none') return { clientId, authenticated: false };
    throw invalidClient('the client is not registered and cannot authenticate: leave its credentials out', presented.method);
  }
  if (client.tokenEndpointAuthMethod !== presented.method) {
    throw invalidClient(`the client is registered for the method ${client.tokenEndpointAuthMethod}`, presented.method);
  }
  if (presented.method === 'client_secret_basic') await checkSecret(identification, presented.secret, client);
  if (assertion !== undefined) await checkAssertion(identification, assertion, client);
  return { clientId, client, authenticated: presented.method !== 'none' };
}

/**
 * The registered client of this id; `undefined` for one that is not registered where the issuer's policy allows those. It
 * authenticates nobody: that is for endpoints whom a client itself calls.
 *
 * @throws {OAuthError} 401 `invalid_client` for an unknown client, or one without credentials, where the policy refuses those
 */
export function namedClient(
  clientId: string,
  { snapshot, method }: { snapshot: IssuerSnapshot; method?: PresentedCredentials['method'] },
): WalletClientDocument | undefined {
  if (!CLIENT_ID.test(clientId)) throw invalidClient('client_id must be up to 512 printable ASCII characters', method);
  const { unknownClients, requireClientAuthentication } = authorizationPolicy(snapshot.issuer);
  const client = snapshot.walletClients.get(clientId);
  if (client === undefined && unknownClients === 'refuse') throw invalidClient('the client is not registered here', method);
  if (requireClientAuthentication && (client?.tokenEndpointAuthMethod ?? 'none') === 'none') {
    throw invalidClient('only clients that authenticate are served here', method);
  }
  return client;
}

/**
 * Refuses a grant that a registered client is not registered for.
 *
 * @throws {OAuthError} `unauthorized_client` (RFC 6749 5.2)
 */
export function requireGrant({ client }: IdentifiedClient, grant: WalletClientGrant): void {
  if (client === undefined || client.grantTypes.includes(grant)) return;
  throw new OAuthError('unauthorized_client', `the client is not registered for the grant ${grant}`);
}

function anonymousClient({ issuer }: IssuerSnapshot): IdentifiedClient {
  if (authorizationPolicy(issuer).requireClientAuthentication) {
    throw invalidClient('only clients that authenticate are served here: send client_id and credentials');
  }
  return { authenticated: false };
}

function presentedClientId(
  parameters: OAuthParameters,
  { presented, assertion }: { presented: PresentedCredentials; assertion: ClientAssertion | undefined },
): string | undefined {
  const named = parameters.get('client_id');
  const authenticating = presented.method === 'client_secret_basic' ? presented.clientId : assertion?.clientId;
  if (named !== undefined && authenticating !== undefined && named !== authenticating) {
    throw invalidClient('client_id is another than the one of the credentials', presented.method);
  }
  return authenticating ?? named;
}

async function checkSecret({ secrets }: Identification, secret: string, { secretHash }: WalletClientDocument): Promise<void> {
  if (secretHash !== undefined && (await secrets.matches(secret, secretHash))) return;
  throw invalidClient('the client secret is wrong', 'client_secret_basic');
}

async function checkAssertion(
  { context, issuer }: Identification,
  assertion: ClientAssertion,
  client: WalletClientDocument,
): Promise<void> {
  const audiences = [issuer.identifier, issuer.urls.token, issuer.urls.pushedAuthorization];
  const verified = verifyClientAssertion(assertion, { client, audiences, now: context.now() });
  await spendClientAssertion(verified, { db: context.db, issuerId: issuer.id });
}
