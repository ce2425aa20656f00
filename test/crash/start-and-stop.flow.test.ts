import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answering, startClaimsSource, type ClaimsSourceServer } from '../flows/claims-source-server.js';
import { postForm } from '../flows/http-exchange.js';
import { IssuerBackend } from '../flows/issuer-backend.js';
import { credentialsOf, PlainWallet, type Answer } from '../flows/plain-wallet.js';
import { useOwnSystem } from '../harness/use-system.js';

const system = useOwnSystem({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost', CLAIMS_SOURCE_TIMEOUT_MS: '4500' } });

let source: ClaimsSourceServer;
let backend: IssuerBackend;
let wallet: PlainWallet;
let configurationId: string;

beforeAll(async () => {
  source = await startClaimsSource();
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
  const claimSourceId = await backend.claimSource({
    name: 'HR system',
    url: source.url,
    requestMethod: 'GET',
    requestParameters: {},
    authorization: { type: 'api-key', value: 'a-key-for-the-claims-source' },
  });
  configurationId = await backend.configuration({ claimSourceId });
});
afterAll(() => source.stop());
beforeEach(() => source.forget());

const statusOf = (url: string) =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );
const untilReady = async () => {
  const { api, worker } = system();
  for (const { url } of [api, worker]) await expect.poll(() => statusOf(`${url}/readyz`), { timeout: 30_000 }).toBe(200);
};

/** Sends a credential request, and waits until the claims source has been asked for its claims. */
async function underWay(): Promise<{ answer: Promise<Answer>; letClaimsCome: () => void }> {
  let letClaimsCome: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    source.behave((response, request) => {
      letClaimsCome = () => answering({})(response, request);
      resolve();
    });
  });
  const token = await wallet.token((await backend.offer([configurationId])).uri);
  const answer = wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
  await asked;
  return { answer, letClaimsCome: () => letClaimsCome() };
}

describe('SIGTERM', () => {
  it('lets the API answer the request at hand before it ends', async () => {
    const { api } = system();
    const { answer, letClaimsCome } = await underWay();
    const ended = api.exited();
    const stopped = api.stop();
    await expect.poll(() => statusOf(`${api.url}/healthz`)).toBe(0);
    letClaimsCome();
    expect(credentialsOf(await answer)).toHaveLength(1);
    expect(await ended).toEqual({ code: 0, signal: null });
    await stopped;
    await api.start();
  });

  it('TOK-11 leaves a code used whose token was answered', async () => {
    const { api } = system();
    const { uri } = await backend.offer([configurationId]);
    await wallet.token(uri);
    await api.restart();
    expect((await wallet.redeem(wallet.codeOf(uri))).json).toMatchObject({ error: 'invalid_grant' });
  });

  it('lets the worker finish its activity, whose claims are not asked for again', async () => {
    const { worker } = system();
    const { answer, letClaimsCome } = await underWay();
    const ended = worker.exited();
    const stopped = worker.stop();
    letClaimsCome();
    await stopped;
    expect(await ended).toEqual({ code: 0, signal: null });
    await worker.start();
    expect(credentialsOf(await answer)).toHaveLength(1);
    expect(source.requests).toHaveLength(1);
  });

  it('ends a worker that waits for Temporal', async () => {
    const { worker, temporalServer } = system();
    await worker.stop();
    await temporalServer.stop();
    await worker.start({ waitUntilReady: false });
    await expect.poll(() => statusOf(`${worker.url}/healthz`), { timeout: 15_000 }).toBe(200);
    const ended = worker.exited();
    await worker.stop();
    expect(await ended).toEqual({ code: 0, signal: null });
    await temporalServer.start();
    await worker.start();
  });
});

describe('API and worker that start before Temporal and MongoDB', () => {
  beforeAll(async () => {
    const { api, worker, temporalServer, mongoServer } = system();
    await Promise.all([api, worker, temporalServer, mongoServer].map((child) => child.kill('SIGKILL')));
    await Promise.all([api, worker].map((child) => child.start({ waitUntilReady: false })));
  });

  it('live, and say what they wait for', async () => {
    const { api, worker } = system();
    for (const { url } of [api, worker]) await expect.poll(() => statusOf(`${url}/healthz`), { timeout: 15_000 }).toBe(200);
    const bodies = await Promise.all([api, worker].map(async (server) => (await server.readiness()).json()));
    expect(bodies).toEqual([
      { status: 'unavailable', down: ['api', 'temporal', 'mongodb'] },
      { status: 'unavailable', down: ['worker', 'temporal', 'mongodb'] },
    ]);
  });

  it('ask wallets to come again', async () => {
    const answer = await postForm(`${system().url}/v1/oauth/token`, {});
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(answer.json).toMatchObject({ error: 'temporarily_unavailable' });
  });

  it('become ready by themselves', async () => {
    const { temporalServer, mongoServer } = system();
    await Promise.all([temporalServer.start(), mongoServer.start()]);
    await untilReady();
    source.behave(answering({}));
    const token = await wallet.token((await backend.offer([configurationId])).uri);
    const answer = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
    expect(credentialsOf(answer)).toHaveLength(1);
  });
});
