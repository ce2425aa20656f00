import type { Request } from 'express';

/** The query of a request as it came; a question mark within it is a character like any other (RFC 3986 3.4). */
export function queryOf({ url }: Pick<Request, 'url'>): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
}
