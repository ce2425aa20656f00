import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { Config } from '../../../config/config.js';
import { pageSchema, registerManagementOperation } from '../../http/openapi-operation.js';
import { offerListQuery } from './list-offers.js';
import { createdOfferSchema, offerRequestSchema, offerSchema } from './offer.schema.js';

const PATH = '/v1/openid/offers/pre-authorized';

export const idempotencyHeader = z.object({
  'Idempotency-Key': z.string().min(1).max(255).optional().meta({
    description: 'A repeat of the request with the same key gets the same answer, and makes no second offer.',
  }),
});

export function registerOffers(registry: OpenAPIRegistry, config: Config): void {
  const common = (action: string) =>
    ({ tag: 'Pre-authorized offers', stem: `OPENID_PRE_AUTHORIZED_OFFER_${action}`, roles: ['admin', 'issuer'] }) as const;
  registerManagementOperation(registry, {
    ...common('CREATE'),
    method: 'post',
    path: PATH,
    summary: 'Create an offer',
    description: 'It starts the durable issuance that the wallet then carries on.',
    headers: idempotencyHeader,
    body: offerRequestSchema(config),
    status: 200,
    answer: createdOfferSchema,
    conflict: 'The Idempotency-Key was used for another request.',
  });
  registerManagementOperation(registry, {
    ...common('RETRIEVE_LIST'),
    method: 'get',
    path: PATH,
    summary: 'List the offers',
    description: 'Newest first. With `phase` or `problem` a page may hold fewer offers than `limit` and still name a next one.',
    query: offerListQuery,
    status: 200,
    answer: pageSchema(offerSchema),
  });
  const one = { path: `${PATH}/{id}`, id: true } as const;
  registerManagementOperation(registry, {
    ...common('RETRIEVE'),
    ...one,
    method: 'get',
    summary: 'See where an issuance stands',
    status: 200,
    answer: offerSchema,
  });
  registerManagementOperation(registry, {
    ...common('DELETE'),
    ...one,
    method: 'delete',
    summary: 'Withdraw an offer',
    description: 'Works until the credential is collected; after that, and for an expired offer, there is none to withdraw: 404.',
    status: 204,
  });
}
