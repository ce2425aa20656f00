import type { NotificationEvent } from '../../workflows/phases.js';
import { OAuthError } from '../http/errors.js';
import { IssuanceNotFound } from '../issuance-client.js';
import type { AccessToken } from '../oauth/access-token.js';
import { authorizedToken } from '../oauth/protected-resource.js';
import { noteClient } from './credential.js';
import { readJsonObject, type Endpoint } from './endpoint.js';
import { readRoutedId, type RoutedId } from './routed-id.js';
import type { WalletServices } from './services.js';

const EVENTS: ReadonlySet<unknown> = new Set<NotificationEvent>([
  'credential_accepted',
  'credential_failure',
  'credential_deleted',
]);

/** The notification endpoint (OID4VCI 11). Repeats change nothing and succeed. */
export function notificationEndpoint(services: WalletServices): Endpoint {
  const { context, issuer, tokens, calls } = services;
  const resource = { context, issuerId: issuer.id, tokens, url: issuer.urls.notification };
  return async (request, response) => {
    const token = await authorizedToken(request, resource);
    noteClient(response, token);
    const { id, event } = notificationOf(await readJsonObject(request, context.config.REQUEST_MAX_BYTES));
    const { sessionId, requestId } = notifiedRequest(services, id, token);
    await context.reach('notification.verified');
    try {
      await calls.share(sessionId, `${requestId}/${event}`, () =>
        context.issuances.notify({ issuerId: issuer.id, sessionId }, { requestId, event }),
      );
    } catch (error) {
      // It is over: the first notification ended it, or its time did.
      if (!(error instanceof IssuanceNotFound)) throw error;
    }
    await context.reach('notification.signalled');
    response.status(204).end();
  };
}

/** `event_description` is not read: it may hold anything, and nobody here needs it. */
function notificationOf({ notification_id: id, event }: Readonly<Record<string, unknown>>): {
  id: string;
  event: NotificationEvent;
} {
  if (typeof id !== 'string' || id === '') throw invalid('notification_id is missing or not a string');
  if (!EVENTS.has(event)) throw invalid('event must be credential_accepted, credential_failure or credential_deleted');
  return { id, event: event as NotificationEvent };
}

function notifiedRequest({ context, issuer }: WalletServices, id: string, token: AccessToken): RoutedId {
  const request = readRoutedId(id, { ring: context.ring, issuerId: issuer.id, kind: 'notification' });
  if (request?.sessionId !== token.sessionId) {
    throw new OAuthError('invalid_notification_id', 'the notification_id is not one that this access token was given');
  }
  return request;
}

/** `invalid_notification_request` (OID4VCI 11.3). */
function invalid(description: string): OAuthError {
  return new OAuthError('invalid_notification_request', description);
}
