import type { Client } from 'undici';
import { post, textOf } from './http-exchange.js';
import { freshKeyProof } from './key-proof.js';
import type { MeasureStep } from './measured-step.js';
import type { IssuerTarget } from './target.js';

interface Collection {
  readonly target: IssuerTarget;
  readonly accessToken: string;
  readonly step: MeasureStep;
}

/** From the access token to the notification: the same in every flow. */
export async function collectCredential(client: Client, { target, accessToken, step }: Collection): Promise<void> {
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
