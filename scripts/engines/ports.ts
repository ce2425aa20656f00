import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

// Below the range that Linux and macOS hand to outgoing connections, so that a port stays ours while its server restarts.
const FIRST_PORT = 15_000;
const LAST_PORT = 32_000;
const taken = new Set<number>();

/** A TCP port nobody listens on, never given twice by this process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (taken.has(port)) continue;
    taken.add(port);
    if (await isPortFree(port)) return port;
  }
}

/** True if a server could listen on the port, on the loopback and on every IPv4 interface. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '0.0.0.0'));
}

/** Resolves if somebody listens on the loopback's port; rejects at once otherwise, where clients would wait and try again. */
export function listening(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.setTimeout(1000, () => socket.destroy(new Error(`port ${port} does not answer`)));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
