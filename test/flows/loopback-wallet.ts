import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A wallet on the holder's own computer, as far as its redirect URI goes (RFC 8252 7.3): a web server on the loopback address. */
export interface LoopbackWallet {
  readonly redirectUri: string;
  /** URLs that browsers came back to, oldest first. */
  readonly answers: readonly string[];
  stop(): Promise<void>;
}

/** Starts it on a free port. */
export async function startLoopbackWallet(): Promise<LoopbackWallet> {
  const answers: string[] = [];
  let origin = '';
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', origin);
    if (url.pathname === '/callback') answers.push(url.href);
    response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' });
    response.end('<!doctype html><html lang="en"><title>Wallet</title><link rel="icon" href="data:,"><h1>Wallet</h1>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    redirectUri: `${origin}/callback`,
    answers,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
