import { beforeAll } from 'vitest';
import { postJson, type Exchange } from '../../flows/http-exchange.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { PlainWallet, type Answer } from '../../flows/plain-wallet.js';
import { proofJwt } from '../../flows/signed-jwt.js';
import type { SharedSystem } from '../../harness/use-system.js';

/** A configuration, and credential requests for it, member by member. */
export interface CredentialRequests {
  readonly backend: IssuerBackend;
  readonly wallet: PlainWallet;
  readonly configurationId: string;
  /** One token for all requests that are refused: those leave it as it is. */
  readonly token: string;
  /** Likewise. */
  readonly nonce: string;
  /** The token of a new offer. */
  readonly newToken: () => Promise<string>;
  /** A proof that is right in all but what is given. */
  readonly proof: (change?: Partial<Parameters<typeof proofJwt>[0]>) => string;
  /** POSTs a body to the credential endpoint. */
  readonly send: (body: unknown, token?: string, headers?: Exchange['headers']) => Promise<Answer>;
  /** Requests the credential with proofs. */
  readonly request: (jwt: readonly unknown[], token?: string) => Promise<Answer>;
}

/** Call it at the top of a test file; the result works inside tests and hooks. */
export function useCredentialRequests(system: () => SharedSystem): () => CredentialRequests {
  let made: CredentialRequests | undefined;
  beforeAll(async () => {
    const issuer = system().url;
    const [backend, wallet] = [await IssuerBackend.login(system()), new PlainWallet(issuer)];
    const configurationId = await backend.configuration();
    const newToken = async () => wallet.token((await backend.offer([configurationId])).uri);
    const [token, nonce] = [await newToken(), await wallet.nonce()];
    const send: CredentialRequests['send'] = (body, accessToken = token, headers = {}) =>
      postJson(`${issuer}/v1/openid/credential`, body, { authorization: `Bearer ${accessToken}`, ...headers });
    made = {
      backend,
      wallet,
      configurationId,
      token,
      nonce,
      newToken,
      proof: (change) => proofJwt({ issuer, nonce, ...change }),
      send,
      request: (jwt, accessToken) => send({ credential_configuration_id: configurationId, proofs: { jwt } }, accessToken),
    };
  });
  return () => {
    if (made === undefined) throw new Error('credential requests can be made only inside tests and hooks');
    return made;
  };
}
