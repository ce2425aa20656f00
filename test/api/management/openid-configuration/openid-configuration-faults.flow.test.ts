import { beforeAll, describe, expect, it } from 'vitest';
import { useOwnProcesses } from '../../../harness/use-system.js';
import { ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/openid/configuration';
const HOOK = { url: 'https://hook.example/step' };

const system = useOwnProcesses();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

describe('an OpenID configuration is refused, and the one before stays, for', () => {
  it.each<[string, unknown, string]>([
    ['a body that is a list', [], 'body '],
    ['an unknown member', { hook: HOOK }, 'body hook'],
    ['a hook that is null', { interactionHook: null }, 'body interactionHook'],
    ['a hook without URL', { interactionHook: {} }, 'body interactionHook.url'],
    ['a hook by plain http', { interactionHook: { url: 'http://hook.example' } }, 'body interactionHook.url'],
    ['a hook with a query', { interactionHook: { url: 'https://hook.example/?a' } }, 'body interactionHook.url'],
    ['a hook that runs code', { interactionHook: { url: 'javascript:alert(1)' } }, 'body interactionHook.url'],
    [
      'a URL that is too long',
      { interactionHook: { url: `https://hook.example/${'a'.repeat(2048)}` } },
      'body interactionHook.url',
    ],
    ['claims that are a text', { interactionHook: { ...HOOK, claims: 'email' } }, 'body interactionHook.claims'],
    ['a claim twice', { interactionHook: { ...HOOK, claims: ['a', 'a'] } }, 'body interactionHook.claims[1]'],
    [
      '301 claims',
      { interactionHook: { ...HOOK, claims: Array.from({ length: 301 }, (_, index) => `c${index}`) } },
      'body interactionHook.claims',
    ],
    [
      'a session of nine seconds',
      { interactionHook: { ...HOOK, sessionTimeoutInSec: 9 } },
      'body interactionHook.sessionTimeoutInSec',
    ],
    [
      'a session of more than 30 days',
      { interactionHook: { ...HOOK, sessionTimeoutInSec: 2_592_001 } },
      'body interactionHook.sessionTimeoutInSec',
    ],
    ['a disabled that is none', { interactionHook: { ...HOOK, disabled: 'no' } }, 'body interactionHook.disabled'],
    ['a rotateSecret that is none', { interactionHook: { ...HOOK, rotateSecret: 1 } }, 'body interactionHook.rotateSecret'],
    [
      'an overlap of more than a week',
      { interactionHook: { ...HOOK, rotateSecret: true, secretOverlapInSec: 604_801 } },
      'body interactionHook.secretOverlapInSec',
    ],
    [
      'an overlap of less than nothing',
      { interactionHook: { ...HOOK, rotateSecret: true, secretOverlapInSec: -1 } },
      'body interactionHook.secretOverlapInSec',
    ],
    ['an unknown member of the hook', { interactionHook: { ...HOOK, method: 'POST' } }, 'body interactionHook.method'],
    ['an authorization that is none', { authorization: true }, 'body authorization'],
    ['an unknown policy', { authorization: { par: true } }, 'body authorization.par'],
    ['a policy for clients that is none', { authorization: { unknownClients: true } }, 'body authorization.unknownClients'],
    ['a consent that is none', { authorization: { consent: 'once' } }, 'body authorization.consent'],
  ])('%s', async (_what, body, place) => {
    const before = await api.get(PATH);
    expect(placesOf(await api.put(PATH, body))).toEqual([place]);
    expect((await api.get(PATH)).text).toBe(before.text);
  });

  it('all faults at once', async () => {
    expect(placesOf(await api.put(PATH, { interactionHook: { url: '', claims: 1 }, authorization: { consent: 1 } }))).toEqual([
      'body authorization.consent',
      'body interactionHook.claims',
      'body interactionHook.url',
    ]);
  });
});
