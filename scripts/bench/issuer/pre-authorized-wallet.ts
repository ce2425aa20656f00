import type { Client } from 'undici';
import { collectCredential } from './collect-credential.js';
import { BENCH_CLAIMS } from './credential.js';
import { post, textOf } from './http-exchange.js';
import type { MeasureStep } from './measured-step.js';
import type { IssuerTarget } from './target.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

/** One issuance by the pre-authorized flow; the issuer's back-end that makes the offer is played as well. */
export async function issuePreAuthorized(
  client: Client,
  { target, step }: { target: IssuerTarget; step: MeasureStep },
): Promise<void> {
  const code = await step('offer', () => createOffer(client, target));
  const accessToken = await step('token', () => redeemCode(client, code));
  await collectCredential(client, { target, accessToken, step });
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
