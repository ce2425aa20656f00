import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service of the demo, on the loopback address only. */
export interface DemoServer {
  /** `http://localhost:<port>`, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

const LONGEST_BODY = 65_536;

/**
 * Listens on the loopback address; `serve` is made once the URL is known. `GET /readyz` answers for it.
 *
 * @param options.port 0 for any that is free
 */
export async function startDemoServer({
  port,
  serve,
}: {
  port: number;
  serve: (url: string) => RequestListener | Promise<RequestListener>;
}): Promise<DemoServer> {
  const served: { listener?: RequestListener } = {};
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const { listener } = served;
    if (request.url === '/readyz' || listener === undefined)
      response.writeHead(listener === undefined ? 503 : 200, { 'content-type': 'application/json' }).end('{}');
    else listener(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const actual = (server.address() as AddressInfo).port;
  const url = `http://localhost:${actual}`;
  served.listener = await serve(url);
  return {
    url,
    port: actual,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The fields of a form that was sent; a body that is too long counts as none. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= LONGEST_BODY) chunks.push(chunk as Buffer);
  }
  return new URLSearchParams(size > LONGEST_BODY ? '' : Buffer.concat(chunks).toString('utf8'));
}
