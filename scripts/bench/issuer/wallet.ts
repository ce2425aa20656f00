import { Client } from 'undici';
import type { RecordStep, RunIssuance } from '../closed-loop.js';
import { BENCH_CLAIMS } from './credential.js';
import { post, textOf } from './http-exchange.js';
import { freshKeyProof } from './key-proof.js';
import type { IssuerTarget } from './target.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

/** One wallet with a connection of its own, and the issuer's back-end that makes its offers. */
export function benchWallet(target: IssuerTarget): { readonly issue: RunIssuance; close(): Promise<void> } {
  const client = new Client(target.origin, { pipelining: 1, keepAliveTimeout: 60_000 });
  return { issue: (record) => issue({ client, target, record }), close: () => client.close() };
}

interface Issuance {
  readonly client: Client;
  readonly target: IssuerTarget;
  readonly record: RecordStep;
}

async function issue(issuance: Issuance): Promise<void> {
  const { client, target } = issuance;
  const step = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await run();
    issuance.record(name, performance.now() - started);
    return result;
  };
  const code = await step('offer', () => createOffer(client, target));
  const accessToken = await step('token', () => redeemCode(client, code));
  const nonce = await step('nonce', async () => textOf(await post(client, { path: '/v1/openid/nonce' }), 'c_nonce'));
  const proof = freshKeyProof({ audience: target.issuer, nonce });
  const notificationId = await step('credential', () => requestCredential(client, { target, accessToken, proof }));
  await step('notification', () =>
    post(client, {
      path: '/v1/openid/notification',
      headers: { authorization: `Bearer ${accessToken}` },
      body: { notification_id: notificationId, event: 'credential_accepted' },
    }),
  );
}

/** Gives the offer's pre-authorized code. */
async function createOffer(client: Client, { managementToken, configurationId }: IssuerTarget): Promise<string> {
  const offer = await post(client, {
    path: '/v1/openid/offers/pre-authorized',
    headers: { authorization: `Bearer ${managementToken}` },
    body: { credentials: [configurationId], claims: BENCH_CLAIMS },
  });
  const value = new URL(textOf(offer, 'uri')).searchParams.get('credential_offer');
  if (value === null) throw new Error('the offer is not by value');
  const { grants } = JSON.parse(value) as { grants?: Record<string, Record<string, unknown>> };
  return textOf(grants?.[GRANT] ?? {}, 'pre-authorized_code');
}

async function redeemCode(client: Client, code: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: GRANT, 'pre-authorized_code': code });
  return textOf(await post(client, { path: '/v1/oauth/token', body }), 'access_token');
}

/** Gives the notification id, once there is a credential. */
async function requestCredential(
  client: Client,
  { target, accessToken, proof }: { target: IssuerTarget; accessToken: string; proof: string },
): Promise<string> {
  const answer = await post(client, {
    path: '/v1/openid/credential',
    headers: { authorization: `Bearer ${accessToken}` },
    body: { credential_configuration_id: target.configurationId, proofs: { jwt: [proof] } },
  });
  const [first] = Array.isArray(answer.credentials) ? (answer.credentials as { credential?: unknown }[]) : [];
  if (typeof first?.credential !== 'string') throw new Error('the credential response holds no credential');
  return textOf(answer, 'notification_id');
}
