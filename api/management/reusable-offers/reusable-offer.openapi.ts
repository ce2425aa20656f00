import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { oauthErrorSchema, pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { walletOfferSchema } from '../../wallet/wallet.openapi.js';
import { idempotencyHeader } from '../offers/offer.openapi.js';
import { reusableOfferListQuery } from './read-reusable-offer.js';
import { createdReusableOfferSchema, reusableOfferRequestSchema, reusableOfferSchema } from './reusable-offer.schema.js';

const PATH = '/v1/openid/offers';

export function registerReusableOffers(registry: OpenAPIRegistry): void {
  const common = (action: string) =>
    ({ tag: 'Reusable offers', stem: `OPENID_OFFER_${action}`, roles: ['admin', 'issuer'] }) as const;
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path: PATH,
    summary: 'Create an offer for any number of holders',
    description: 'Each logs in, and gets an issuance of their own (authorization code flow).',
    headers: idempotencyHeader,
    body: reusableOfferRequestSchema,
    status: 200,
    answer: createdReusableOfferSchema,
    conflict: 'The Idempotency-Key was used for another request.',
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path: PATH,
    summary: 'List the offers',
    description: 'Newest first.',
    query: reusableOfferListQuery,
    status: 200,
    answer: pageSchema(reusableOfferSchema),
  });
  const one = { path: `${PATH}/{id}`, id: true } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    summary: 'Read an offer; for wallets, a credential offer by reference (OID4VCI 4.1.3)',
    description:
      'With the id of a reusable offer: how it stands. With the id from a `credential_offer_uri`, which has a dot in it: ' +
      'the credential offer itself, without a token.',
    status: 200,
    answer: reusableOfferSchema,
    inPublic: { answer: walletOfferSchema, refusal: oauthErrorSchema },
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: 'Revoke an offer',
    description: 'It stays listed as `revoked`, and its open issuances are withdrawn. One that is over is not found.',
    status: 204,
  });
  for (const [action, summary] of [
    ['pause', 'Pause an offer: nobody new can begin'],
    ['resume', 'Resume a paused offer'],
  ] as const) {
    registerManagementOperation(registry, {
      ...common(action.toUpperCase()),
      path: `${PATH}/{id}/${action}`,
      id: true,
      method: 'post',
      summary,
      status: 200,
      answer: reusableOfferSchema,
      conflict: 'The offer is revoked or expired.',
    });
  }
}
