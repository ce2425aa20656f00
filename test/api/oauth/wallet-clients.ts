import { randomUUID } from 'node:crypto';
import { hashClientSecret } from '../../../store/client-secret.js';
import type { AuthorizationPolicy, OfferDocument, WalletClientDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import { DEFAULT_AUTHORIZATION_POLICY } from '../../../store/openid-configuration.js';
import { issuerState } from '../../../api/oauth/issuer-state.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import { now, signedJwt, type WalletKeyPair } from '../../flows/signed-jwt.js';
import type { Connections, SystemAddress } from '../../harness/connections.js';

type System = SystemAddress & Connections;

export const CALLBACK = 'https://wallet.example/callback';
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Registers a wallet behind the API's back. It is known once `seeRecords` has been called. */
export async function registerClient(
  { db }: System,
  { secret, ...change }: Partial<WalletClientDocument> & { readonly secret?: string } = {},
): Promise<WalletClientDocument> {
  const clientId = change.clientId ?? `wallet-${randomUUID()}`;
  const record: WalletClientDocument = {
    _id: `${DEFAULT_ISSUER_ID}/${clientId}`,
    issuerId: DEFAULT_ISSUER_ID,
    recordId: randomUUID(),
    clientId,
    name: 'A wallet',
    redirectUris: [CALLBACK],
    tokenEndpointAuthMethod: 'none',
    grantTypes: ['authorization_code', 'urn:ietf:params:oauth:grant-type:pre-authorized_code'],
    createdAt: new Date(),
    updatedAt: new Date(),
    ...(secret === undefined ? {} : { secretHash: await hashClientSecret(secret) }),
    ...change,
  };
  await db.walletClients.insertOne(record);
  return record;
}

/** Makes a reusable offer behind the API's back, and gives its `issuer_state`. */
export async function makeOffer(
  system: System,
  offer: Partial<OfferDocument> & Pick<OfferDocument, 'configurationIds'>,
): Promise<{ id: string; state: string }> {
  const id = randomUUID().replaceAll('-', '').slice(0, 22);
  await system.db.offers.insertOne({
    _id: id,
    issuerId: DEFAULT_ISSUER_ID,
    state: 'active',
    correlationId: randomUUID(),
    createdAt: new Date(),
    ...offer,
  });
  return { id, state: issuerState({ ring: ringOf(system), issuerId: DEFAULT_ISSUER_ID, offerId: id }) };
}

/** Sets the issuer's policy behind the API's back. It holds once `seeRecords` has been called. */
export async function setPolicy({ db }: System, policy: Partial<AuthorizationPolicy>): Promise<void> {
  const openid = { authorization: { ...DEFAULT_AUTHORIZATION_POLICY, ...policy } };
  await db.issuers.updateOne({ _id: DEFAULT_ISSUER_ID }, { $set: { openid } });
}

/** Has the API read the issuer's records again: a change of its own makes it do so at once. */
export async function seeRecords(system: System): Promise<void> {
  await (await IssuerBackend.login(system)).configuration();
}

/** An Authorization header (RFC 6749 2.3.1), the halves form-encoded. */
export function basic(clientId: string, secret: string): { authorization: string } {
  const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
  return { authorization: `Basic ${Buffer.from(`${encode(clientId)}:${encode(secret)}`).toString('base64')}` };
}

/** The parameters of a client assertion (RFC 7523 2.2), right in all but the changes. */
export function assertion({
  clientId,
  audience,
  key,
  header = {},
  payload = {},
  signWith = key,
}: {
  clientId: string;
  audience: unknown;
  key: WalletKeyPair;
  header?: Readonly<Record<string, unknown>>;
  payload?: Readonly<Record<string, unknown>>;
  signWith?: Pick<WalletKeyPair, 'algorithm' | 'privateKey'>;
}): { client_assertion_type: string; client_assertion: string } {
  const jwt = signedJwt({
    header: { alg: key.algorithm, typ: 'JWT', ...header },
    payload: { iss: clientId, sub: clientId, aud: audience, jti: randomUUID(), iat: now(), exp: now(60), ...payload },
    key: signWith,
  });
  return { client_assertion_type: ASSERTION_TYPE, client_assertion: jwt };
}
