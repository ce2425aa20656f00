import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../api/issuance-client.js';
import { CORRELATION_ID } from '../../workflows/search-attributes.js';
import { answering, startClaimsSource, type ClaimsSourceServer } from '../flows/claims-source-server.js';
import { CodeWallet } from '../flows/code-wallet.js';
import { HolderBrowser, locationOf } from '../flows/holder-browser.js';
import { exchange } from '../flows/http-exchange.js';
import { IssuerBackend, type Offer } from '../flows/issuer-backend.js';
import { startLightProvider, type LightProvider } from '../flows/light-provider.js';
import { PlainWallet } from '../flows/plain-wallet.js';
import { useOwnProcesses } from '../harness/use-system.js';
import { samplesOf, total, type Sample } from './prometheus-text.js';

const OPERATIONS = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
/** The metrics that operators are told to watch. */
const DOCUMENTED = [...OPERATIONS.matchAll(/^\| `((?:chancery|temporal)_\w+)/gm)].map(([, name = '']) => name);

const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost', CREDENTIAL_DEADLINE_MS: '4000' } });

let source: ClaimsSourceServer;
let backend: IssuerBackend;
let wallet: PlainWallet;
let configurationId: string;
let accepted: Offer;
/** Before and after one accepted and one expired issuance, and a claims source that failed once. */
let before: readonly Sample[];

async function samples(): Promise<readonly Sample[]> {
  const texts = await Promise.all([system().url, system().workerUrl].map(async (url) => (await fetch(`${url}/metrics`)).text()));
  return texts.flatMap(samplesOf);
}

async function grown(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  return total(await samples(), name, labels) - total(before, name, labels);
}

/** The lines a process has logged that are ours, parsed. */
function logOf(name: 'api' | 'worker'): readonly Readonly<Record<string, unknown>>[] {
  const text = readFileSync(join(system().folder, 'logs', `${name}.log`), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

beforeAll(async () => {
  source = await startClaimsSource();
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
  const claimSourceId = await backend.claimSource({
    name: 'HR system',
    url: source.url,
    requestParameters: {},
    authorization: { type: 'api-key', value: 'a-key-for-the-claims-source' },
  });
  configurationId = await backend.configuration({ claimSourceId });
  before = await samples();

  let asked = 0;
  source.behave((response, request) => {
    asked += 1;
    answering({}, asked === 1 ? { status: 500 } : {})(response, request);
  });
  accepted = await backend.offer([configurationId], {}, { 'x-request-id': 'made-by-the-back-end' });
  const token = await wallet.token(accepted.uri);
  const { json } = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
  await wallet.notify(token, json.notification_id as string);
  const expiring = await backend.offer([configurationId], { expiresIn: { seconds: 1 } });
  await Promise.all(
    [accepted, expiring].map(({ id: sessionId }) =>
      system()
        .temporal.workflow.getHandle(workflowIdOf({ issuerId: 'default', sessionId }))
        .result(),
    ),
  );
});
afterAll(() => source.stop());

describe('metrics of both processes', () => {
  it('are served in the format of Prometheus', async () => {
    for (const url of [system().url, system().workerUrl]) {
      const response = await fetch(`${url}/metrics`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(samplesOf(await response.text()).length).toBeGreaterThan(50);
    }
  });

  it('include every one that the documentation names', async () => {
    const names = new Set((await samples()).map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')));
    expect(DOCUMENTED.length).toBeGreaterThan(6);
    expect(DOCUMENTED.filter((name) => !names.has(name))).toEqual([]);
  });

  it.each([
    ['issuances by outcome', 'chancery_issuances_total', { outcome: 'accepted' }, 1],
    ['issuances by outcome', 'chancery_issuances_total', { outcome: 'expired' }, 1],
    ['issuances by outcome', 'chancery_issuances_total', { outcome: 'fault' }, 0],
    ['credentials by format', 'chancery_credentials_issued_total', { format: 'dc+sd-jwt' }, 1],
    [
      'failures of activities',
      'chancery_activity_failures_total',
      { activity: 'collectClaims', type: 'ClaimsSourceUnavailable' },
      1,
    ],
    ['latency of steps', 'chancery_activity_seconds_count', { activity: 'collectClaims' }, 2],
    ['latency of steps', 'chancery_activity_seconds_count', { activity: 'issueCredential' }, 1],
    ['latency of steps', 'chancery_activity_seconds_count', { activity: 'closeIssuance' }, 2],
    ['answers of claims sources', 'chancery_claims_source_seconds_count', { result: 'answered' }, 1],
    ['answers of claims sources', 'chancery_claims_source_seconds_count', { result: 'ClaimsSourceUnavailable' }, 1],
    ['requests', 'chancery_http_request_seconds_count', { method: 'POST', route: '/v1/oauth/token', status: '200' }, 1],
    ['calls to Temporal', 'chancery_temporal_request_seconds_count', { call: 'start', result: 'ok' }, 2],
    ['calls to Temporal', 'chancery_temporal_request_seconds_count', { call: 'redeemToken', result: 'ok' }, 1],
    ['calls to Temporal', 'chancery_temporal_request_seconds_count', { call: 'notify', result: 'ok' }, 1],
    ['requests', 'chancery_http_request_seconds_count', { method: 'POST', route: '/v1/openid/credential', status: '200' }, 1],
    ['requests', 'chancery_http_request_seconds_count', { route: '/v1/openid/offers/pre-authorized', status: '200' }, 2],
  ] as const)('count %s: %s %o', async (_what, name, labels, count) => {
    expect(await grown(name, labels)).toBe(count);
  });

  it.each(['temporal_workflow_completed', 'temporal_workflow_task_schedule_to_start_latency_count', 'temporal_request'])(
    "include the worker's own: %s",
    async (name) => {
      expect(await grown(name)).toBeGreaterThan(0);
    },
  );

  it('name routes by their pattern: no id is a label', async () => {
    const { token } = backend.session;
    const headers = { authorization: `Bearer ${token}` };
    const paths = [
      `/v1/openid/offers/pre-authorized/${accepted.id}`,
      `/v1/openid/offers/${accepted.id}`,
      `/v2/credentials/sd-jwt/configurations/${configurationId}`,
      `/nowhere/${accepted.id}`,
    ];
    for (const path of paths) await exchange(system().url + path, { headers });
    const labels = (await samples()).flatMap(({ labels: own }) => Object.values(own));
    expect(labels).toEqual(
      expect.arrayContaining(['/v1/openid/offers/pre-authorized/:id', '/v2/credentials/sd-jwt/configurations/:id', 'none']),
    );
    expect(labels.filter((label) => label.includes(accepted.id) || label.includes(configurationId))).toEqual([]);
  });
});

describe('metrics of the authorization code flow', () => {
  let provider: LightProvider;
  /** The page of the session whose holder the provider refuses: its path holds what only this browser knows. */
  let sessionPath: string;

  beforeAll(async () => {
    before = await samples();
    provider = await startLightProvider({ claimsOf: () => undefined });
    const { url, clientId, clientSecret } = provider;
    const { session } = backend;
    await session.post('/v1/users/authentication-providers', { url, clientId, clientSecret, isDefault: true });
    const codeWallet = new CodeWallet(system().url);
    const browser = new HolderBrowser();
    const authorizationUrl = await codeWallet.authorizationUrl({ configurationIds: [configurationId] });
    const page = await browser.get(authorizationUrl);
    const atProvider = locationOf(await browser.submit(page, authorizationUrl, 'continue'));
    const callback = locationOf(await exchange(atProvider));
    const spoilt = await browser.get(callback.replace(/error=[^&]*/, ''));
    [, sessionPath = ''] = /href="[^"]*(\/v1\/oauth\/sessions\/[^"]+)"/.exec(spoilt.text) ?? [];
    await exchange(system().url + sessionPath);
    expect(codeWallet.answerIn(locationOf(await browser.get(callback))).get('error')).toBe('access_denied');
    await browser.get(system().url + sessionPath);
  });
  afterAll(() => provider.stop());

  it.each([
    ['chancery_issuances_total', { outcome: 'authentication_failed' }, 1],
    ['chancery_temporal_request_seconds_count', { call: 'authenticationFailed', result: 'ok' }, 1],
    ['chancery_http_request_seconds_count', { route: '/v1/oauth/par', status: '201' }, 1],
    ['chancery_http_request_seconds_count', { method: 'GET', route: '/v1/oauth/authorize', status: '200' }, 1],
    ['chancery_http_request_seconds_count', { method: 'POST', route: '/v1/oauth/authorize', status: '303' }, 1],
    ['chancery_http_request_seconds_count', { route: '/v1/oauth/authentication/callback', status: '303' }, 1],
    ['chancery_http_request_seconds_count', { route: '/v1/oauth/authentication/callback', status: '400' }, 1],
    ['chancery_http_request_seconds_count', { route: '/v1/oauth/sessions/:id', status: '403' }, 1],
    ['chancery_http_request_seconds_count', { route: '/v1/oauth/sessions/:id', status: '303' }, 1],
  ] as const)('count %s: %o', async (name, labels, count) => {
    await expect.poll(() => grown(name, labels)).toBe(count);
  });

  it('and its logs have no secret of a path for a label', async () => {
    const reference = sessionPath.slice(sessionPath.lastIndexOf('/') + 1);
    expect(reference.length).toBeGreaterThan(20);
    for (const path of [`/offers/${reference}`, `/v1/openid/interaction/return?session_token=${reference}`])
      await exchange(system().url + path);
    const labels = (await samples()).flatMap(({ labels: own }) => Object.values(own));
    expect(labels).toEqual(expect.arrayContaining(['/offers/:id', '/v1/openid/interaction/return']));
    expect(labels.filter((label) => label.includes(reference))).toEqual([]);
    const routes = () => logOf('api').map(({ route }) => String(route));
    await expect.poll(() => routes().includes('/offers/:id')).toBe(true);
    expect(routes().filter((route) => route.includes(reference))).toEqual([]);
  });
});

describe('logs of both processes', () => {
  it('are lines of JSON with a time, a level and the process', () => {
    for (const name of ['api', 'worker'] as const) {
      const lines = logOf(name);
      expect(lines.length).toBeGreaterThan(1);
      for (const line of lines) {
        expect(line).toMatchObject({ level: expect.any(Number) as number, time: expect.any(Number) as number, process: name });
      }
    }
  });

  it('name the attempt of an activity that failed, and the issuance it was for', () => {
    expect(logOf('worker')).toContainEqual(
      expect.objectContaining({
        activity: 'collectClaims',
        attempt: 1,
        type: 'ClaimsSourceUnavailable',
        workflowId: workflowIdOf({ issuerId: 'default', sessionId: accepted.id }),
      }),
    );
  });

  it('have one line a request, with the id that the answer carries', async () => {
    const response = await fetch(`${system().url}/v1/openid/nonce`, { method: 'POST' });
    const requestId = response.headers.get('x-request-id');
    const lines = () => logOf('api').filter((line) => line.requestId === requestId);
    await expect.poll(lines).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ method: 'POST', route: '/v1/openid/nonce', status: 200, msg: 'request' });
  });
});

describe('the id of a request', () => {
  it("is the caller's own, in answer, log, events and the issuance that the request began", async () => {
    const sessionId = accepted.id;
    const described = await system()
      .temporal.workflow.getHandle(workflowIdOf({ issuerId: 'default', sessionId }))
      .describe();
    expect(described.typedSearchAttributes.get(CORRELATION_ID)).toBe('made-by-the-back-end');
    expect(logOf('api')).toContainEqual(
      expect.objectContaining({ requestId: 'made-by-the-back-end', route: '/v1/openid/offers/pre-authorized' }),
    );
    const { data } = (await backend.session.get('/v1/events?requestIds=made-by-the-back-end')) as { data: { type: string }[] };
    expect(data.map(({ type }) => type)).toHaveLength(2);
  });

  it.each([
    ['too short', 'short'],
    ['too long', 'x'.repeat(65)],
    ['with spaces', 'two words here'],
    ['that would forge a member of the log', 'request","level":60,"msg":"forged'],
    ['with characters beyond ASCII', 'request-\u00e9\u00e8\u00ea'],
    ['empty', ''],
    ['given twice', ['first-request-id', 'second-request-id']],
  ] as const)('%s is replaced by one of ours', async (_what, given) => {
    const { status, headers } = await exchange(`${system().url}/v1/openid/nonce`, {
      method: 'POST',
      headers: { 'x-request-id': given },
    });
    expect(status).toBe(200);
    const requestId = headers.get('x-request-id');
    expect(requestId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    await expect.poll(() => logOf('api').some((line) => line.requestId === requestId)).toBe(true);
    expect(logOf('api').filter(({ msg }) => msg === 'forged')).toEqual([]);
  });
});
