import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A place at which the next process to come by is to be held. */
export interface Hold {
  /** Resolves when a process has come there; it goes no further until it is released. */
  readonly reached: Promise<void>;
  release(): void;
}

/** Where the processes of a system call at every fault point: most may pass, the armed ones hold who comes first. */
export interface FaultServer {
  /** The value of `FAULT_POINT` for every process. */
  readonly setting: string;
  arm(place: string): Hold;
  stop(): void;
}

/** Starts it on a free port of the loopback address. */
export async function startFaultServer(): Promise<FaultServer> {
  const armed = new Map<string, (response: ServerResponse) => void>();
  const server = createServer((request, response) => {
    request.resume();
    const place = request.url?.slice(1) ?? '';
    const hold = armed.get(place);
    armed.delete(place);
    if (hold === undefined) response.end();
    else hold(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    setting: `*@http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arm: (place) => {
      let held: ServerResponse | undefined;
      const reached = new Promise<void>((resolve) => {
        armed.set(place, (response) => {
          held = response;
          resolve();
        });
      });
      return {
        reached,
        release: () => {
          armed.delete(place);
          held?.end();
        },
      };
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
