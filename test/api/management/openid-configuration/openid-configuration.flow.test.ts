import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEnvelope } from '../../../../keys/envelope.js';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../../../store/issuer-directory.js';
import { activeHook, authorizationPolicy, hookSecretContext } from '../../../../store/openid-configuration.js';
import { ringOf } from '../../../flows/issuer-secrets.js';
import { useOwnProcesses } from '../../../harness/use-system.js';
import { ManagementClient } from '../management-client.js';

const PATH = '/v1/openid/configuration';
const DEFAULTS = {
  requirePushedAuthorizationRequests: false,
  unknownClients: 'allow',
  requireClientAuthentication: false,
  consent: 'always',
  persistClaims: true,
};
const STRICT = {
  requirePushedAuthorizationRequests: true,
  unknownClients: 'refuse',
  requireClientAuthentication: true,
  consent: 'never',
  persistClaims: false,
};
const HOOK = { url: 'https://hook.example/step', claims: ['given_name', 'email'], sessionTimeoutInSec: 1200, disabled: false };

const system = useOwnProcesses();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});
beforeEach(async () => {
  await system().db.issuers.updateOne({ _id: DEFAULT_ISSUER_ID }, { $unset: { openid: '' } });
});

/** The issuer as any process would read it anew. */
const issuer = async () => (await new IssuerDirectory(system()).get(DEFAULT_ISSUER_ID)).issuer;

describe('the OpenID configuration', () => {
  it('of an issuer who set nothing has the defaults, and no hook', async () => {
    const answer = await api.get(PATH);
    expect([answer.status, answer.json]).toEqual([200, { authorization: DEFAULTS }]);
  });

  it('is set by PUT with 200 and read back as it was answered', async () => {
    const set = await api.put(PATH, { interactionHook: HOOK, authorization: STRICT });
    expect(set.status).toBe(200);
    expect(set.json).toEqual({
      interactionHook: { ...HOOK, secret: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) as string },
      authorization: STRICT,
    });
    const read = await api.get(PATH);
    expect([read.status, read.text]).toEqual([200, set.text]);
    expect(read.headers.get('cache-control')).toBe('no-store');
  });

  it('is what requests are served by from then on', async () => {
    const { revision } = await issuer();
    await api.put(PATH, { interactionHook: HOOK, authorization: STRICT });
    const changed = await issuer();
    expect(changed.revision).toBeGreaterThan(revision);
    expect(authorizationPolicy(changed)).toEqual(STRICT);
    expect(activeHook(changed)).toMatchObject(HOOK);
  });

  it('has a default for each member that is absent', async () => {
    const { json } = await api.put(PATH, { interactionHook: { url: HOOK.url }, authorization: { consent: 'never' } });
    expect(json).toEqual({
      interactionHook: { url: HOOK.url, claims: [], disabled: false, secret: expect.any(String) as string },
      authorization: { ...DEFAULTS, consent: 'never' },
    });
  });

  it('is replaced in full: what is absent is removed or a default again', async () => {
    await api.put(PATH, { interactionHook: HOOK, authorization: STRICT });
    const replaced = await api.put(PATH, {});
    expect(replaced.json).toEqual({ authorization: DEFAULTS });
    expect((await api.get(PATH)).json).toEqual({ authorization: DEFAULTS });
    expect((await issuer()).openid).toEqual({ authorization: DEFAULTS });
  });

  it('may be written back as it was read', async () => {
    const { json, text } = await api.put(PATH, { interactionHook: HOOK, authorization: STRICT });
    expect((await api.put(PATH, json)).text).toBe(text);
  });

  it('keeps a hook that is disabled, without using it', async () => {
    const { json } = await api.put(PATH, { interactionHook: { ...HOOK, disabled: true } });
    expect(json.interactionHook).toMatchObject({ url: HOOK.url, disabled: true });
    expect(activeHook(await issuer())).toBeUndefined();
  });

  it('may have a native app as its hook', async () => {
    const { json } = await api.put(PATH, { interactionHook: { url: 'com.example.app:/hook' } });
    expect(json.interactionHook).toMatchObject({ url: 'com.example.app:/hook' });
  });

  it('is not lost, nor is its secret, where several set it at once, by different processes', async () => {
    const { url } = await system().startAnotherApi();
    for (let round = 0; round < 5; round += 1) {
      await api.put(PATH, {});
      const answers = await Promise.all(
        [0, 1, 2, 3].map(async (index) => {
          const answer = await fetch(`${index % 2 === 0 ? system().url : url}${PATH}`, {
            method: 'PUT',
            headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
            body: JSON.stringify({ interactionHook: { ...HOOK, claims: [`claim-${index}`] } }),
          });
          return { status: answer.status, body: (await answer.json()) as { interactionHook: { secret: string } } };
        }),
      );
      const now = (await api.get(PATH)).json;
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(answers.map(({ body }) => body)).toContainEqual(now);
      expect(new Set(answers.map(({ body }) => body.interactionHook.secret)).size).toBe(1);
    }
  });

  it('shows in the events by what became of the hook alone', async () => {
    const { headers } = await api.put(PATH, { interactionHook: { ...HOOK, rotateSecret: true } });
    const events = await api.get(`/v1/events?requestIds=${headers.get('x-request-id') ?? ''}`);
    const { data } = events.json as { data: { type: string; category: string; data: unknown }[] };
    expect(data.find(({ type }) => type.endsWith('_SUCCESS'))).toMatchObject({
      type: 'CREDENTIAL_PROVIDER_OPENID_CONFIGURATION_UPDATE_SUCCESS',
      category: 'CREDENTIAL_PROVIDER',
      data: { interactionHook: 'enabled', secretRotated: true },
    });
  });

  it('has errors in the shape of the management API', async () => {
    const wrong = await api.delete(PATH);
    expect([wrong.status, wrong.json.code]).toEqual([405, 'MethodNotAllowed']);
  });
});

describe("the hook's secret", () => {
  const hookOf = (answer: { json: Readonly<Record<string, unknown>> }) =>
    answer.json.interactionHook as { secret: string; previousSecretValidUntil?: string };
  const put = async (changes: Readonly<Record<string, unknown>> = {}) =>
    hookOf(await api.put(PATH, { interactionHook: { ...HOOK, ...changes } }));
  const stored = async () => {
    const hook = (await issuer()).openid?.interactionHook;
    if (hook === undefined) throw new Error('there is no hook');
    const open = (envelope: typeof hook.secret) =>
      openEnvelope({ ring: ringOf(system()), envelope, context: hookSecretContext(DEFAULT_ISSUER_ID) });
    return {
      secret: open(hook.secret),
      previous: hook.previous === undefined ? undefined : open(hook.previous.secret),
      until: hook.previous?.until.toISOString(),
    };
  };

  it('is 32 random bytes, kept sealed, and in no log and no event', async () => {
    const { secret } = await put();
    expect(Buffer.from(secret, 'base64')).toHaveLength(32);
    expect(await stored()).toEqual({ secret, previous: undefined, until: undefined });
    const events = await api.get('/v1/events?limit=1000');
    const documents = JSON.stringify(await system().db.issuers.find({}).toArray());
    for (const text of [documents, events.text, system().logs()]) expect(text).not.toContain(secret);
  });

  it('is made at the first PUT with a hook and kept afterwards, whatever a request says it is', async () => {
    const { secret } = await put();
    expect(await put({ url: 'https://other.example/step', disabled: true, secret: 'mine' })).toMatchObject({ secret });
    expect(await put()).toEqual({ ...HOOK, secret });
  });

  it('is another one for the hook after one that was removed', async () => {
    const { secret } = await put();
    await api.put(PATH, {});
    expect((await put()).secret).not.toBe(secret);
    expect((await stored()).previous).toBeUndefined();
  });

  it('is changed by rotateSecret, the one before being accepted for a day', async () => {
    const first = await put();
    const before = Date.now();
    const second = await put({ rotateSecret: true });
    const after = Date.now();
    expect(second.secret).not.toBe(first.secret);
    const until = Date.parse(second.previousSecretValidUntil ?? '') - 86_400_000;
    expect(until >= before && until <= after).toBe(true);
    expect(await stored()).toEqual({
      secret: second.secret,
      previous: first.secret,
      until: second.previousSecretValidUntil,
    });
    expect(hookOf(await api.get(PATH))).toEqual(second);
    expect(await put()).toEqual(second);
  });

  it('before the last rotation is the only one that is still accepted', async () => {
    await put();
    const second = await put({ rotateSecret: true });
    const third = await put({ rotateSecret: true, secretOverlapInSec: 604_800 });
    expect(await stored()).toMatchObject({ secret: third.secret, previous: second.secret });
  });

  it('before a rotation without overlap is not accepted any more', async () => {
    await put();
    const second = await put({ rotateSecret: true, secretOverlapInSec: 0 });
    expect(second).not.toHaveProperty('previousSecretValidUntil');
    expect((await stored()).previous).toBeUndefined();
  });

  it('whose overlap is over is neither shown nor kept', async () => {
    await put();
    const { secret } = await put({ rotateSecret: true });
    await system().db.issuers.updateOne(
      { _id: DEFAULT_ISSUER_ID },
      { $set: { 'openid.interactionHook.previous.until': new Date(Date.now() - 1) } },
    );
    expect(hookOf(await api.get(PATH))).toEqual({ ...HOOK, secret });
    await put();
    expect((await stored()).previous).toBeUndefined();
  });

  it('is made once where the first PUT already asks to rotate it', async () => {
    expect(await put({ rotateSecret: true })).not.toHaveProperty('previousSecretValidUntil');
  });
});
