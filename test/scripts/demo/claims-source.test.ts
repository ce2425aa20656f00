import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoClaimsSource } from '../../../scripts/demo/claims-source.js';
import type { DemoServer } from '../../../scripts/demo/demo-server.js';
import { exchange } from '../../flows/http-exchange.js';

let source: DemoServer;
beforeAll(async () => {
  source = await startDemoClaimsSource({ port: 0, apiKey: 'key' });
});
afterAll(() => source.stop());

const ask = (query: string, key?: string) =>
  exchange(`${source.url}/claims${query}`, { headers: key === undefined ? {} : { 'x-api-key': key } });

describe('the demo claims source', () => {
  it('tells what somebody has access to', async () => {
    const { status, json } = await ask('?email=bruno%40kauri.example', 'key');
    expect(status).toBe(200);
    expect(json).toEqual({ access_areas: ['main entrance', 'warehouse'], job_title: 'Logistics planner' });
  });

  it.each([
    ['no key', '?email=bruno%40kauri.example', undefined, 401],
    ['a wrong key', '?email=bruno%40kauri.example', 'kex', 401],
    ['no email', '', 'key', 400],
    ['an unknown email', '?email=nobody', 'key', 404],
    ['the name of a member of every object', '?email=constructor', 'key', 404],
  ])('refuses %s', async (_what, query, key, status) => {
    expect((await ask(query, key)).status).toBe(status);
  });
});
