import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ManagedProcess } from '../../scripts/engines/managed-process.js';
import { credentialsOf, type Answer } from '../flows/plain-wallet.js';
import type { System } from '../harness/system.js';
import { useOwnSystem } from '../harness/use-system.js';
import { ENDPOINTS, type Dependency, type EndpointProbe } from './endpoints.js';
import { Issuer, type Holdings } from './holdings.js';
import { Journey } from './journey.js';
import { retried } from './plain-retry.js';

const system = useOwnSystem({
  env: {
    OUTBOUND_ALLOWED_HOSTS: 'localhost',
    TOKEN_DEADLINE_MS: '2000',
    CREDENTIAL_DEADLINE_MS: '2000',
    DEFERRED_INTERVAL_SECONDS: '1',
  },
});

interface Outage {
  readonly dependency: Dependency;
  readonly processOf: (running: System) => ManagedProcess;
  /** What the probes of API and worker name then; the worker's own is undefined where nobody answers. */
  readonly down: { readonly api: readonly string[]; readonly worker: readonly string[] | undefined };
}

const OUTAGES: readonly Outage[] = [
  { dependency: 'mongodb', processOf: ({ mongoServer }) => mongoServer, down: { api: ['mongodb'], worker: ['mongodb'] } },
  {
    dependency: 'temporal',
    processOf: ({ temporalServer }) => temporalServer,
    down: { api: ['temporal'], worker: ['temporal'] },
  },
  { dependency: 'worker', processOf: ({ worker }) => worker, down: { api: [], worker: undefined } },
];

let issuer: Issuer;

beforeAll(async () => {
  issuer = await Issuer.open(system());
});
afterAll(() => issuer.close());

const SHAPES = {
  wallet: { error: 'temporarily_unavailable', error_description: expect.any(String) as string },
  management: { code: 'ServiceUnavailable', message: expect.any(String) as string },
};

async function probe(url: string, path: '/healthz' | '/readyz'): Promise<unknown> {
  const response = await fetch(url + path, { signal: AbortSignal.timeout(10_000) });
  return { status: response.status, body: await response.json() };
}

const ready = (down: readonly string[]) =>
  down.length === 0 ? { status: 200, body: { status: 'ready' } } : { status: 503, body: { status: 'unavailable', down } };

const named = (probes: readonly EndpointProbe[]) => probes.map((each) => [each.endpoint, each] as const);

describe.each(OUTAGES)('while there is no $dependency', ({ dependency, processOf, down }) => {
  let holdings: Holdings;
  let answers: ReadonlyMap<EndpointProbe, Answer>;
  let probes: readonly unknown[];

  beforeAll(async () => {
    holdings = await issuer.hold();
    await processOf(system()).stop();
    const { api, worker } = system();
    const urls = down.worker === undefined ? [api.url] : [api.url, worker.url];
    const asked = urls.flatMap((url) => [probe(url, '/healthz'), probe(url, '/readyz')]);
    answers = new Map(await Promise.all(ENDPOINTS.map(async (each) => [each, await each.send(issuer, holdings)] as const)));
    probes = await Promise.all(asked);
  });

  it.each(named(ENDPOINTS.filter(({ needs }) => needs.includes(dependency))))(
    '%s answers 503 and when to come again',
    (_endpoint, each) => {
      const answer = answers.get(each);
      expect(answer?.json).toMatchObject(SHAPES[each.family]);
      expect(answer?.status).toBe(503);
      expect(answer?.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    },
  );

  it.each(named(ENDPOINTS.filter(({ needs }) => !needs.includes(dependency))))('%s is served', (_endpoint, each) => {
    const answer = answers.get(each);
    expect({ status: answer?.status, text: answer?.text }).toMatchObject({ status: each.without?.[dependency] ?? each.status });
  });

  it('the probes say that the processes live, and what is down', () => {
    const lives = { status: 200, body: { status: 'ok' } };
    const expected = [down.api, down.worker].flatMap((names) => (names === undefined ? [] : [lives, ready(names)]));
    expect(probes).toEqual(expected);
  });

  it('everything goes on by itself afterwards', async () => {
    const { wallet, backend, configurationId } = issuer;
    issuer.letClaimsCome();
    await processOf(system()).start();
    const { api, worker } = system();
    for (const { url } of [api, worker]) {
      await expect.poll(() => probe(url, '/readyz'), { timeout: 15_000 }).toEqual(ready([]));
    }
    const { redeemed, deferred, underWay } = holdings;
    const again = await retried('credential', [], () => wallet.requestCredential(redeemed.token, redeemed.body));
    // The worker may still be looking for its server: then the answer is deferred.
    const answered =
      again.status === 202 ? await wallet.untilDelivered(redeemed.token, again.json.transaction_id as string) : again;
    expect(credentialsOf(answered)).toHaveLength(1);
    for (const { token, transactionId } of [deferred, underWay]) {
      const delivered = await retried('collection', [], () => wallet.untilDelivered(token, transactionId));
      expect(credentialsOf(delivered)).toHaveLength(1);
    }
    const journey = new Journey({ url: system().url, managementToken: backend.session.token, configurationId });
    for (const step of ['offer', 'token', 'nonce', 'credential', 'collection', 'notification'] as const) await journey.go(step);
    expect(journey.credentials).toHaveLength(1);
  });
});
