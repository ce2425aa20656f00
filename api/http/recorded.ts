import type { Request, RequestHandler, Response } from 'express';
import type { ApiContext } from '../context.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';

/** An operation as the event log names it: `<stem>_START`, then `<stem>_SUCCESS` or `<stem>_FAIL`. */
export interface Operation {
  readonly stem: string;
  readonly category: string;
}

/** What a handler may add to its event: ids and codes, never personal data. */
export interface EventLocals {
  requestId?: string;
  clientId?: string;
  eventData?: Readonly<Record<string, unknown>>;
}

/** Wraps an endpoint so that its start and its end are in the event log. */
export function recorded(
  context: ApiContext,
  { stem, category }: Operation,
  handler: (request: Request, response: Response) => Promise<void>,
): RequestHandler {
  return async (request, response) => {
    const locals = response.locals as EventLocals;
    const record = (suffix: string, data: Readonly<Record<string, unknown>> = {}) =>
      context.events.record({
        issuerId: DEFAULT_ISSUER_ID,
        type: `${stem}_${suffix}`,
        category,
        requestId: locals.requestId ?? '',
        ...(locals.clientId === undefined ? {} : { clientId: locals.clientId }),
        data,
      });
    record('START');
    try {
      await handler(request, response);
      record('SUCCESS', locals.eventData);
    } catch (error) {
      record('FAIL', { ...locals.eventData, error: errorCode(error) });
      throw error;
    }
  };
}

function errorCode(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'Error';
}
