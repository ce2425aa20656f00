import { describe, expect, it } from 'vitest';
import { exchange } from '../../flows/http-exchange.js';
import { useOwnProcesses } from '../../harness/use-system.js';

const LIMIT = 20;
const system = useOwnProcesses({ apiEnv: { RATE_LIMIT_PER_MINUTE: String(LIMIT), TRUST_PROXY: '1' } });

let addresses = 0;
/** Asks from an address that has used up its requests. */
async function afterTheLimit() {
  const address = `192.0.2.${(addresses += 1)}`;
  const ask = (path: string, method = 'GET') =>
    exchange(system().url + path, { method, headers: { 'x-forwarded-for': address } });
  for (let request = 0; request < LIMIT; request += 1) expect((await ask('/v1/events')).status).toBe(401);
  return ask;
}

describe('too many requests from one address', () => {
  it('get 429 with Retry-After, each in the shape of its protocol', async () => {
    const ask = await afterTheLimit();
    for (const [path, method] of [
      ['/v1/events', 'GET'],
      ['/v1/claim-sources', 'POST'],
      ['/oauth/token', 'POST'],
      ['/openapi.json', 'GET'],
      ['/nothing', 'GET'],
    ] as const) {
      const answer = await ask(path, method);
      expect([path, answer.status, answer.json.code]).toEqual([path, 429, 'TooManyRequests']);
      expect(Object.keys(answer.json).sort()).toEqual(['code', 'message']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    }
    for (const [path, method] of [
      ['/v1/oauth/token', 'POST'],
      ['/v1/openid/nonce', 'POST'],
      ['/.well-known/openid-credential-issuer', 'GET'],
    ] as const) {
      const answer = await ask(path, method);
      expect([path, answer.status, answer.json.error]).toEqual([path, 429, 'temporarily_unavailable']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      // A web wallet can read why.
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
    }
  });

  it('leave other addresses alone, and probes have no limit', async () => {
    const ask = await afterTheLimit();
    expect((await ask('/v1/events')).status).toBe(429);
    const other = await exchange(`${system().url}/v1/events`, { headers: { 'x-forwarded-for': '198.51.100.7' } });
    expect(other.status).toBe(401);
    for (const path of ['/healthz', '/readyz', '/metrics']) expect((await ask(path)).status).toBe(200);
  });

  it('are counted by the address the one trusted proxy saw, not by what a client claims', async () => {
    const ask = (claimed: string) =>
      exchange(`${system().url}/v1/events`, { headers: { 'x-forwarded-for': `${claimed}, 203.0.113.9` } });
    const statuses: number[] = [];
    for (let request = 0; request <= LIMIT; request += 1) statuses.push((await ask(`198.51.100.${request}`)).status);
    expect(statuses.at(-1)).toBe(429);
  });
});
