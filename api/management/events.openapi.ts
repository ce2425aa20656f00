import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { pageSchema, registerManagementOperation } from '../http/openapi-operation.js';
import { eventListQuery, eventSchema } from './events.schema.js';

export function registerEvents(registry: OpenAPIRegistry): void {
  registerManagementOperation(registry, {
    method: 'get',
    path: '/v1/events',
    tag: 'Events',
    summary: 'Search the event log',
    description: 'Newest first. Lists are separated by commas, or the parameter is repeated.',
    stem: 'ANALYTICS_EVENT_RETRIEVE_LIST',
    roles: ['admin', 'issuer', 'auditor'],
    query: eventListQuery,
    status: 200,
    answer: pageSchema(eventSchema),
  });
}
