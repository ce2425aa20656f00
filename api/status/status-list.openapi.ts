import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { json, managementErrorSchema } from '../http/openapi-operation.js';

const aggregation = z.strictObject({
  data: z.array(z.strictObject({ status_lists: z.strictObject({ uri: z.url() }) })),
  status_lists: z.array(z.url()),
});
const index = z.strictObject({ data: z.array(z.strictObject({ id: z.string(), uri: z.url() })) });

/** Describes the public endpoints of status lists. */
export function registerStatusLists(registry: OpenAPIRegistry): void {
  const document = (path: string, summary: string, schema: z.ZodType) =>
    registry.registerPath({
      method: 'get',
      path,
      tags: ['Status lists'],
      summary,
      responses: { 200: { description: 'The document.', content: json(schema) } },
    });
  for (const profile of ['mobile', 'sd-jwt'])
    document(`/v2/credentials/${profile}/status-lists/distribution`, 'Where all status lists are', aggregation);
  for (const profile of ['web-semantic', 'compact', 'compact-semantic'])
    document(`/v2/credentials/${profile}/revocation-lists`, 'Where all revocation lists are', index);

  const list = (path: string, summary: string, types: readonly string[]) => registerList(registry, { path, summary, types });
  list('/v2/credentials/{profile}/status-lists/{id}/token', 'Status List Token, by `Accept`', [
    'application/statuslist+jwt',
    'application/statuslist+cwt',
  ]);
  for (const purpose of ['revocation', 'suspension'])
    list(`/v2/credentials/{profile}/status-lists/{id}/${purpose}`, `Bitstring Status List of ${purpose}s`, [
      'application/vc+jwt',
      'application/vc',
    ]);
  list('/v2/credentials/{profile}/revocation-lists/{id}', 'Revocation List 2020, or revocation list as CWT', [
    'application/vc+ld+json',
    'application/statuslist+cwt',
  ]);
}

function registerList(
  registry: OpenAPIRegistry,
  { path, summary, types }: { path: string; summary: string; types: readonly string[] },
): void {
  const error = (description: string) => ({ description, content: json(managementErrorSchema) });
  const content = Object.fromEntries(
    types.map((type) => [type, { schema: /(?:json|\/vc)$/.test(type) ? z.looseObject({}) : z.string() }]),
  );
  registry.registerPath({
    method: 'get',
    path,
    tags: ['Status lists'],
    summary,
    request: { params: z.object({ profile: z.string(), id: z.string() }) },
    responses: {
      200: {
        description:
          'The signed list, with gzip for whom takes it. It has an ETag and may be cached for as long as `max-age` says.',
        content,
      },
      304: { description: 'The caller has it.' },
      404: error('There is no such list.'),
      406: error('It is served in no form that was asked for.'),
      410: error('It has expired.'),
    },
  });
}
