import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort, isPortFree, listening } from '../../../scripts/engines/ports.js';

describe('ports', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it('are free, below the range of outgoing connections, and never given twice', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(new Set(ports).size).toBe(50);
    for (const port of ports) expect(port).toSatisfy((number: number) => number >= 15_000 && number < 32_000);
  });

  it.each(['127.0.0.1', '0.0.0.0'])('are in use where somebody listens on %s', async (host) => {
    const port = await freePort();
    expect(await isPortFree(port)).toBe(true);
    await expect(listening(port)).rejects.toThrow('ECONNREFUSED');
    await new Promise((resolve) => {
      server = createServer().listen({ port, host }, () => {
        resolve(undefined);
      });
    });
    expect(await isPortFree(port)).toBe(false);
    await expect(listening(port)).resolves.toBeUndefined();
  });
});
