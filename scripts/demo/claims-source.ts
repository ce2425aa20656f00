import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startDemoServer, type DemoServer } from './demo-server.js';
import { sendJson } from './page.js';
import { DEMO_ACCESS } from './people.js';

interface ClaimsSourceOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly apiKey: string;
}

/** Starts an issuer's claims API for the demo: `GET /claims?email=...` with `x-api-key` tells what somebody has access to. */
export function startDemoClaimsSource({ port, apiKey }: ClaimsSourceOptions): Promise<DemoServer> {
  return startDemoServer({
    port,
    serve: () => (request, response) => {
      answer({ request, response, apiKey });
    },
  });
}

function answer({ request, response, apiKey }: { request: IncomingMessage; response: ServerResponse; apiKey: string }): void {
  const url = new URL(request.url ?? '/', 'http://claims.demo');
  const email = url.searchParams.get('email');
  if (request.method !== 'GET' || url.pathname !== '/claims') return sendJson(response, 404, { error: 'GET /claims?email=...' });
  if (!isKey(request.headers['x-api-key'], apiKey)) return sendJson(response, 401, { error: 'x-api-key is missing or wrong' });
  if (email === null) return sendJson(response, 400, { error: 'email is missing' });
  const access = Object.hasOwn(DEMO_ACCESS, email) ? DEMO_ACCESS[email] : undefined;
  sendJson(response, access === undefined ? 404 : 200, access ?? { error: 'nobody has this email' });
}

function isKey(given: string | string[] | undefined, apiKey: string): boolean {
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(apiKey));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
