import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiContext } from '../../../api/context.js';
import { AuthorizationRequestError } from '../../../api/oauth/authorization-request-error.js';
import type { AuthorizationRequest } from '../../../api/oauth/authorization-request.js';
import type { IdentifiedClient } from '../../../api/oauth/client-authentication.js';
import { issuerState } from '../../../api/oauth/issuer-state.js';
import { parametersOf } from '../../../api/oauth/parameters.js';
import { acceptAuthorizationRequest } from '../../../api/wallet/authorization-parameters.js';
import type { WalletServices } from '../../../api/wallet/services.js';
import { walletIssuer } from '../../../api/wallet/wallet-issuer.js';
import type { WalletClientDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../../store/issuer-directory.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { CALLBACK, makeOffer, registerClient } from '../oauth/wallet-clients.js';

const system = useSharedSystem();
let services: WalletServices;
let backend: IssuerBackend;
/** Two configurations, of a type each. */
let ids: readonly [string, string];
let scopes: readonly [string, string];
let registered: WalletClientDocument;
const unregistered: IdentifiedClient = { clientId: 'some-wallet', authenticated: false };

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  const types = [`urn:test:${randomUUID()}`, `urn:test:${randomUUID()}`] as const;
  ids = [await backend.configuration({ type: types[0] }), await backend.configuration({ type: types[1] })];
  scopes = [`dc+sd-jwt:${types[0]}`, `dc+sd-jwt:${types[1]}`];
  registered = await registerClient(system(), {
    redirectUris: [CALLBACK, 'https://wallet.example/cb?a=b&c=%20', 'http://127.0.0.1/cb', 'wallet.app:/cb'],
  });
  const { db, url } = system();
  // All that an authorization request is checked with.
  const context = { db, directory: new IssuerDirectory({ db }), ring: ringOf(system()), now: Date.now } as Partial<ApiContext>;
  services = { context, issuer: walletIssuer({ PUBLIC_URL: url }) } as WalletServices;
});

/** `undefined` takes a parameter away. */
type Change = Readonly<Record<string, string | undefined>>;
const known = (): IdentifiedClient => ({ clientId: registered.clientId, client: registered, authenticated: false });

function accept(change: Change = {}, client = known(), dpopThumbprint?: string): Promise<AuthorizationRequest> {
  const all: Change = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: CALLBACK,
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
    scope: scopes[0],
    ...change,
  };
  const parameters = parametersOf(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return acceptAuthorizationRequest({ services, parameters, client, dpopThumbprint, lifetimeSeconds: 60 });
}

async function refusalOf(change: Change, client = known()): Promise<AuthorizationRequestError> {
  try {
    await accept(change, client);
  } catch (error) {
    if (error instanceof AuthorizationRequestError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}
const codeOf = async (change: Change, client = known()) => (await refusalOf(change, client)).code;
const details = (...elements: readonly unknown[]) => JSON.stringify(elements);
const detail = (id: unknown, more: object = {}) => ({ type: 'openid_credential', credential_configuration_id: id, ...more });

describe('PKCE', () => {
  it('AUT-01 HAP-03 is by S256', async () => {
    expect((await accept()).codeChallenge).toBe('c'.repeat(43));
  });

  it.each<[string, Change]>([
    ['left out', { code_challenge: undefined, code_challenge_method: undefined }],
    ['without a method', { code_challenge_method: undefined }],
    ['by plain', { code_challenge_method: 'plain' }],
    ['by s256', { code_challenge_method: 's256' }],
    ['without a challenge', { code_challenge: undefined }],
    ['of 42 characters', { code_challenge: 'c'.repeat(42) }],
    ['of 129 characters', { code_challenge: 'c'.repeat(129) }],
    ['that is no base64url', { code_challenge: `${'c'.repeat(42)}=` }],
  ])('AUT-01 HAP-03 is refused %s', async (_name, change) => {
    expect(await codeOf(change)).toBe('invalid_request');
  });
});

describe('what is asked for', () => {
  it('AUT-02 AUT-06 AUT-07 by scope: each value stands for itself, unknown ones are ignored', async () => {
    const request = await accept({ scope: `openid ${scopes[1]}  offline_access ${scopes[0]} ${scopes[1]}` });
    expect(request).toMatchObject({ configurationIds: [ids[1], ids[0]], byAuthorizationDetails: [] });
  });

  it('AUT-07 by a scope that several configurations share: all of them', async () => {
    const scope = await sharedScope();
    const shared = (await accept({ scope: scope.value })).configurationIds;
    expect([...shared].sort()).toEqual([...scope.ids].sort());
    await system().db.credentialConfigurations.deleteOne({ _id: scope.ids[1] });
    await services.context.directory.changed(DEFAULT_ISSUER_ID);
  });

  it('AUT-02 AUT-03 AUT-04 by authorization_details: unknown members never invalidate an element', async () => {
    const more = { claims: [{ path: ['given_name'] }], unknown: { deep: [1] } };
    const request = await accept({ scope: undefined, authorization_details: details(detail(ids[1], more), detail(ids[1])) });
    expect(request).toMatchObject({ configurationIds: [ids[1]], byAuthorizationDetails: [ids[1]] });
  });

  it('AUT-08 by both: authorization_details win for the same one, and the rest stands', async () => {
    const request = await accept({ scope: scopes.join(' '), authorization_details: details(detail(ids[1])) });
    expect(request).toMatchObject({ configurationIds: [ids[1], ids[0]], byAuthorizationDetails: [ids[1]] });
  });

  it.each(['openid', 'dc+sd-jwt:urn:test:unknown', 'DC+SD-JWT', '☃', ' ', undefined])(
    'AUT-06 is nothing that exists: scope %j',
    async (scope) => {
      expect(await codeOf({ scope })).toBe('invalid_scope');
    },
  );

  it.each<[string, () => string]>([
    ['an unknown configuration', () => details(detail(randomUUID()))],
    ['one good and one unknown', () => details(detail(ids[0]), detail(randomUUID()))],
    ['no configuration', () => details({ type: 'openid_credential' })],
    ['a configuration that is an object', () => details(detail({ $ne: null }))],
    ['another type', () => details(detail(ids[0], { type: 'payment' }))],
    ['no element', () => '[]'],
    ['no JSON', () => '[{'],
  ])('AUT-03 are authorization_details with %s, also beside a good scope', async (_name, parameter) => {
    expect(await codeOf({ authorization_details: parameter() })).toBe('invalid_authorization_details');
  });

  it('AUT-05 locations hold the issuer, where they are sent', async () => {
    const asked = (locations: unknown) => ({ authorization_details: details(detail(ids[0], { locations })) });
    expect((await accept(asked([system().url]))).byAuthorizationDetails).toEqual([ids[0]]);
    expect((await accept(asked(['https://other.example', system().url]))).byAuthorizationDetails).toEqual([ids[0]]);
    for (const locations of [['https://other.example'], [], system().url, null, [`${system().url}/`]]) {
      expect(await codeOf(asked(locations)), JSON.stringify(locations)).toBe('invalid_authorization_details');
    }
  });

  it('AUT-09 resource is the issuer, where it is sent', async () => {
    expect((await accept({ resource: system().url })).configurationIds).toEqual([ids[0]]);
    expect(await codeOf({ resource: 'https://other.example' })).toBe('invalid_target');
    expect(await codeOf({ resource: 'garbage' })).toBe('invalid_target');
  });

  it('AUT-02 is bounded', async () => {
    const elements = Array.from({ length: 101 }, () => detail(ids[0]));
    expect(await codeOf({ authorization_details: details(...elements) })).toBe('invalid_authorization_details');
  });

  /** Other records of this system may have the same type: no unique index stands behind types, reservations do. */
  async function sharedScope(): Promise<{ value: string; ids: readonly [string, string] }> {
    const { db } = system();
    const [original, copy] = [await backend.configuration(), randomUUID()];
    const record = await db.credentialConfigurations.findOne({ _id: original });
    await db.credentialConfigurations.insertOne({ ...record!, _id: copy });
    await services.context.directory.changed(DEFAULT_ISSUER_ID);
    return { value: `dc+sd-jwt:${record!.type}`, ids: [original, copy] };
  }
});

describe('issuer_state', () => {
  const offer = (more: object = {}) => makeOffer(system(), { configurationIds: [ids[0]], ...more });

  it('AUT-10 names the offer, with the provider it chose', async () => {
    const authenticationProviderId = randomUUID();
    const { id, state } = await offer({ authenticationProviderId, expiresAt: new Date(Date.now() + 60_000) });
    expect(await accept({ issuer_state: state })).toMatchObject({
      offerId: id,
      authenticationProviderId,
      configurationIds: [ids[0]],
    });
  });

  it('AUT-10 alone asks for all that the offer holds', async () => {
    const { state } = await offer({ configurationIds: [ids[1], ids[0]] });
    const request = await accept({ issuer_state: state, scope: undefined });
    expect(request).toMatchObject({ configurationIds: [ids[1], ids[0]], byAuthorizationDetails: [] });
  });

  it('AUT-10 narrows what may be asked for', async () => {
    const { state } = await offer();
    expect(await codeOf({ issuer_state: state, scope: scopes[1] })).toBe('invalid_scope');
    expect(await codeOf({ issuer_state: state, scope: scopes.join(' ') })).toBe('invalid_scope');
    const authorization_details = details(detail(ids[1]));
    expect(await codeOf({ issuer_state: state, authorization_details })).toBe('invalid_authorization_details');
  });

  it('AUT-10 finds configurations that were made a moment ago', async () => {
    await accept();
    const fresh = await backend.configuration();
    const { state } = await offer({ configurationIds: [fresh] });
    expect((await accept({ issuer_state: state, scope: undefined })).configurationIds).toEqual([fresh]);
  });

  it.each<[string, object, RegExp]>([
    ['is paused', { state: 'paused' }, /paused/],
    ['was revoked', { state: 'revoked' }, /over/],
    ['has expired', { state: 'expired' }, /over/],
    ['is past its time', { expiresAt: new Date(Date.now() - 1000) }, /over/],
  ])('AUT-10 of an offer that %s is refused', async (_name, more, message) => {
    const { code, message: given } = await refusalOf({ issuer_state: (await offer(more)).state });
    expect(code).toBe('invalid_request');
    expect(given).toMatch(message);
  });

  it('AUT-10 SEC-15 that is unknown, made up or of another issuer is refused', async () => {
    const { id, state } = await offer();
    const ring = ringOf(system());
    const bad = [
      'garbage',
      id,
      `${id}.${'A'.repeat(22)}`,
      `${state}x`,
      '☃'.repeat(500),
      '{"$ne":null}',
      issuerState({ ring, issuerId: 'other', offerId: id }),
      issuerState({ ring, issuerId: DEFAULT_ISSUER_ID, offerId: 'A'.repeat(22) }),
    ];
    for (const text of bad) expect(await codeOf({ issuer_state: text }), text).toBe('invalid_request');
  });
});

describe('redirect_uri', () => {
  it.each([
    CALLBACK,
    'https://wallet.example/cb?a=b&c=%20',
    'http://127.0.0.1/cb',
    'http://127.0.0.1:49152/cb',
    'wallet.app:/cb',
  ])('AUT-16 AUT-17 may be %s, which is registered', async (redirectUri) => {
    expect(await accept({ redirect_uri: redirectUri })).toMatchObject({ redirectUri, isRegistered: true });
  });

  it.each([
    undefined,
    `${CALLBACK}/`,
    `${CALLBACK}?x=1`,
    CALLBACK.toUpperCase(),
    'https://wallet.example:443/callback',
    'https://wallet.example/./callback',
    'https://wallet.example.evil.example/callback',
    'https://evil.example/callback',
    'http://localhost/cb',
    'http://127.0.0.1/other',
    'wallet.app:/cb2',
  ])('AUT-16 may not be %s, and the error may go nowhere', async (redirectUri) => {
    const { code, redirect } = await refusalOf({ redirect_uri: redirectUri, state: 'x' });
    expect({ code, redirect }).toEqual({ code: 'invalid_request', redirect: undefined });
  });

  it('AUT-16 of a client that is not registered may be any that is safe', async () => {
    for (const redirectUri of ['https://any.example/cb', 'http://127.0.0.1:5000/', 'some.wallet:/cb', 'some-wallet://cb']) {
      const request = await accept({ redirect_uri: redirectUri }, unregistered);
      expect(request).toMatchObject({ clientId: 'some-wallet', redirectUri, isRegistered: false });
    }
  });

  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'http://wallet.example/cb',
    'https://wallet.example/cb#fragment',
    '/callback',
    'https://wallet.example/a b',
    'https://wallet.example/\r\nX-Evil: 1',
    `https://wallet.example/${'x'.repeat(2048)}`,
  ])('AUT-16 may never be %j', async (redirectUri) => {
    expect(await codeOf({ redirect_uri: redirectUri }, unregistered)).toBe('invalid_request');
  });
});

describe('other parameters', () => {
  it.each<[string, Change, string]>([
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['response_type token', { response_type: 'token' }, 'unsupported_response_type'],
    ['response_type code id_token', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['response_mode fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['a request object', { request: 'e30.e30.x' }, 'request_not_supported'],
    ['a request_uri', { request_uri: 'urn:x' }, 'invalid_request'],
    ['dpop_jkt that is no thumbprint', { dpop_jkt: 'x' }, 'invalid_request'],
    ['a state of more than 2048 characters', { state: 's'.repeat(2049) }, 'invalid_request'],
    ['a state that is not ASCII', { state: '☃' }, 'invalid_request'],
    ['more than 16 kB in all', { a: 'x'.repeat(16_385) }, 'invalid_request'],
    ['more than fits into a URL', { state: '"'.repeat(2048), redirect_uri: longUri() }, 'invalid_request'],
  ])('AUT-11 AUT-12 RFC 6749 4.1.2.1 %s', async (_name, change, code) => {
    const client = change.redirect_uri === undefined ? known() : unregistered;
    expect(await codeOf(change, client)).toBe(code);
  });

  it('AUT-11 that are unknown, or empty, are ignored', async () => {
    const request = await accept({
      unknown: 'x'.repeat(3000),
      ['__proto__']: '1',
      request: '',
      response_mode: 'query',
      state: '',
    });
    expect(request).not.toHaveProperty('state');
    expect(request.parameters).toEqual({});
  });

  it('AUT-11 that a provider may understand are kept for it', async () => {
    expect((await accept({ login_hint: 'x', ui_locales: 'mi', campus: 'north' })).parameters).toEqual({
      login_hint: 'x',
      ui_locales: 'mi',
      campus: 'north',
    });
  });

  it('RFC 6749 5.2 a client without the grant is refused', async () => {
    const client = { ...registered, grantTypes: ['refresh_token' as const] };
    expect(await codeOf({}, { ...known(), client })).toBe('unauthorized_client');
  });

  it('RFC 6749 4.1.1 a client without a name is refused', async () => {
    expect(await codeOf({}, { authenticated: false })).toBe('invalid_request');
  });

  it('AUT-14 an accepted request lives as long as it is told, under an id of its own', async () => {
    const before = Date.now();
    const [one, other] = [await accept(), await accept()];
    expect(one.sessionId).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(other.sessionId).not.toBe(one.sessionId);
    expect(one.expiresAt).toBeGreaterThanOrEqual(before + 60_000);
    expect(one.expiresAt).toBeLessThanOrEqual(Date.now() + 60_000);
  });
});

describe('where an error may be sent', () => {
  it('AUT-12 AUT-16 is the registered redirect URI, with the state as it was', async () => {
    const state = 'a state with "quotes" & more';
    const { code, redirect } = await refusalOf({ scope: 'unknown', state });
    expect({ code, redirect }).toEqual({ code: 'invalid_scope', redirect: { redirectUri: CALLBACK, state } });
    expect((await refusalOf({ response_type: 'token' })).redirect).toEqual({ redirectUri: CALLBACK });
  });

  it('AUT-12 is there without a state that is none itself', async () => {
    expect((await refusalOf({ state: '☃' })).redirect).toEqual({ redirectUri: CALLBACK });
  });

  it('AUT-12 AUT-16 is nowhere for a client that is not registered', async () => {
    expect((await refusalOf({ scope: 'unknown' }, unregistered)).redirect).toBeUndefined();
  });
});

function longUri(): string {
  return `https://wallet.example/${'x'.repeat(2000)}`;
}
