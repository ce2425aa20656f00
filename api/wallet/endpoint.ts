import type { Request, Response } from 'express';
import { OAuthError } from '../http/errors.js';
import { readJsonBody, RequestBodyError } from '../http/request-body.js';

/** An endpoint's work: answers the request, or throws what the error handler answers. */
export type Endpoint = (request: Request, response: Response) => Promise<void>;

/** Answers that carry secrets or are meant for one wallet are stored nowhere. */
export function uncached(endpoint: Endpoint): Endpoint {
  return (request, response) => {
    response.set('Cache-Control', 'no-store');
    return endpoint(request, response);
  };
}

/** Turns an unreadable body into the endpoint's own error code. */
export function malformedAs(code: string, endpoint: Endpoint): Endpoint {
  return async (request, response) => {
    try {
      await endpoint(request, response);
    } catch (error) {
      throw error instanceof RequestBodyError
        ? new OAuthError(code, error.message, { status: error.status, cause: error })
        : error;
    }
  };
}

/**
 * Reads a body that must be a JSON object; unknown members are the caller's to ignore.
 *
 * @throws {RequestBodyError}
 */
export async function readJsonObject(request: Request, maxBytes: number): Promise<Readonly<Record<string, unknown>>> {
  const body = await readJsonBody(request, { maxBytes });
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new RequestBodyError(400, 'the body must be a JSON object');
  return body as Readonly<Record<string, unknown>>;
}
