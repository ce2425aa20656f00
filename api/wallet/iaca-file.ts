import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

const MOST_SECONDS = 60;

/** Sends what verifiers of any origin may read and keep for a minute, or 304 to whom has it. */
export function sendFile(
  request: Request,
  response: Response,
  { body, mediaType }: { body: string | Buffer; mediaType: string },
): void {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Cache-Control': `public, max-age=${MOST_SECONDS}`,
    'Cross-Origin-Resource-Policy': 'cross-origin',
    ETag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`,
    Vary: 'Accept',
  });
  if (request.fresh) response.status(304).end();
  else response.type(mediaType).send(body);
}
