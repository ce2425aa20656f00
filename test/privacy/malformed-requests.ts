import { exchange, postForm, postJson } from '../flows/http-exchange.js';
import type { Answer } from '../flows/plain-wallet.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

interface Targets {
  readonly url: string;
  /** An access token of the management API. */
  readonly managementToken: string;
  /** A value that nobody may see again. */
  readonly canary: string;
}

/**
 * Requests that carry the canary where it does not belong: in paths, queries, headers and bodies. A back-end is told which member
 * of its own it misspelt, so that names of such members are none.
 */
export function malformedRequests({ url, managementToken, canary }: Targets): readonly (() => Promise<Answer>)[] {
  const jwt = `${Buffer.from(JSON.stringify({ alg: 'ES256', typ: canary, kid: canary })).toString('base64url')}.${canary}.${canary}`;
  const bearer = { authorization: `Bearer ${canary}` };
  const managed = { authorization: `Bearer ${managementToken}` };
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) => exchange(url + path, { headers });
  const token = (parameters: readonly (readonly [string, string])[], headers: Readonly<Record<string, string>> = {}) =>
    postForm(`${url}/v1/oauth/token`, [['grant_type', GRANT], ...parameters], headers);
  return [
    ...[
      '',
      '/v1/openid/offers',
      '/v1/openid/offers/pre-authorized',
      '/v2/credentials/sd-jwt/configurations',
      '/vct',
      '/v1/claim-sources',
      '/v1/users/authentication-providers',
      '/v1/oauth/clients',
      '/v1/oauth/sessions',
      '/v1/oauth/authorize',
      '/v1/oauth/authentication/callback',
      '/v1/openid/interaction/return',
      '/offers',
    ]
      .flatMap((folder) => [`${folder}/${canary}`, `${folder}/%E0%A4%A${canary}`, `${folder}?${canary}=${canary}`])
      .flatMap((path) => [() => get(path), () => get(path, managed)]),
    // Its list shows persisted claims to whom they belong.
    () => get(`/v1/users/${canary}`, managed),
    () => get(`/.well-known/openid-credential-issuer/${canary}?access_token=${canary}`),
    ...['limit', 'cursor', 'types', 'dateFrom', 'requestIds', 'status', canary].flatMap((name) => [
      () => get(`/v1/events?${name}=${canary}`, managed),
      () => get(`/v1/openid/offers/pre-authorized?${name}=${canary}`, managed),
    ]),
    ...[
      'authorization',
      'dpop',
      'cookie',
      'user-agent',
      'x-forwarded-for',
      'idempotency-key',
      'origin',
      'accept',
      'referer',
      'x-namespace',
    ].map((header) => () => postJson(`${url}/v1/openid/nonce`, { [canary]: canary }, { [header]: canary })),
    () => postJson(`${url}/v1/openid/nonce`, {}, { 'x-request-id': `${canary} "forged":true` }),
    () => exchange(`${url}/${canary}`, { method: 'DELETE', headers: { 'x-request-id': `${canary}/${canary}` } }),

    () =>
      token([
        ['pre-authorized_code', canary],
        ['tx_code', canary],
        ['client_id', canary],
      ]),
    () => token([['pre-authorized_code', `AAAAAAAAAAAAAAAAAAAAAA.${canary}`]], { dpop: jwt }),
    () =>
      token([
        ['tx_code', canary],
        ['tx_code', canary],
      ]),
    () =>
      token([
        ['pre-authorized_code', canary],
        ['authorization_details', `[{"type":"${canary}"`],
      ]),
    () => postForm(`${url}/v1/oauth/token`, { grant_type: canary, [canary]: canary }),
    () => exchange(`${url}/v1/oauth/token`, { method: 'POST', headers: { 'content-type': `text/${canary}` }, body: canary }),

    ...['credential', 'deferred-credential', 'notification'].flatMap((endpoint) => [
      () => postJson(`${url}/v1/openid/${endpoint}`, `{"${canary}": "${canary}`, bearer),
      () =>
        postJson(
          `${url}/v1/openid/${endpoint}`,
          { proofs: { jwt: [jwt] }, transaction_id: canary, notification_id: canary },
          bearer,
        ),
      () => postJson(`${url}/v1/openid/${endpoint}`, {}, { authorization: `DPoP ${canary}`, dpop: jwt }),
      () => postJson(`${url}/v1/openid/${endpoint}`, {}, { authorization: `Bearer ${jwt}` }),
    ]),

    ...holderRequests({ url, canary }),

    () => postJson(`${url}/oauth/token`, { client_id: canary, client_secret: canary, grant_type: 'client_credentials' }),
    () => postJson(`${url}/oauth/token`, { client_id: [canary], client_secret: 1, grant_type: canary, audience: canary }),
    () =>
      postForm(
        `${url}/oauth/token`,
        { [canary]: canary },
        { authorization: `Basic ${Buffer.from(`${canary}:${canary}`).toString('base64')}` },
      ),
    ...[
      '/v1/openid/offers/pre-authorized',
      '/v1/openid/offers',
      '/v1/claim-sources',
      '/v2/credentials/sd-jwt/configurations',
      '/v1/users',
      '/v1/users/search',
      '/v1/users/authentication-providers',
      '/v1/oauth/clients',
    ].flatMap((path) => [
      () => postJson(url + path, `{"claims": {"name": "${canary}"`, managed),
      () => postJson(url + path, { unknown: canary, claims: { [canary]: canary } }, managed),
      () =>
        postJson(
          url + path,
          { claims: canary, claimsToPersist: [canary], credentials: [canary], url: canary, type: canary },
          managed,
        ),
      () => postJson(url + path, [canary], managed),
    ]),
    () =>
      postJson(
        `${url}/v1/openid/offers/pre-authorized`,
        { credentials: [canary], claims: { name: canary }, userId: canary },
        managed,
      ),
    () =>
      postJson(
        `${url}/v1/openid/offers/pre-authorized`,
        { credentials: ['a'] },
        { ...managed, 'idempotency-key': `${canary}\t` },
      ),

    () =>
      postJson(
        `${url}/v1/temporal/codec/decode`,
        { payloads: [{ metadata: { encoding: `!${canary}` }, data: canary }] },
        managed,
      ),
    () => postJson(`${url}/v1/temporal/codec/decode`, { payloads: canary }, { ...managed, 'x-namespace': canary }),
    () => postForm(`${url}/v1/temporal/codec/login`, { client_id: canary, client_secret: canary, form_token: canary }),
  ];
}

/** Likewise, of the authorization code flow: what wallets, browsers and hooks send. */
function holderRequests({ url, canary }: Pick<Targets, 'url' | 'canary'>): readonly (() => Promise<Answer>)[] {
  const get = (path: string, cookie = canary) => exchange(url + path, { headers: { cookie: `chancery-browser=${cookie}` } });
  const query = (parameters: Readonly<Record<string, string>>) => new URLSearchParams(parameters).toString();
  const request = {
    response_type: 'code',
    client_id: canary,
    redirect_uri: `https://${canary}.example/${canary}`,
    state: canary,
    scope: canary,
    login_hint: canary,
    code_challenge: 'A'.repeat(43),
    code_challenge_method: 'S256',
  };
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const hookToken = `${encoded({ alg: 'HS256', kid: canary })}.${encoded({ state: canary, claims: { canary } })}.${canary}`;
  const details = `[{"type":"openid_credential","credential_configuration_id":"${canary}"}]`;
  const spoilt: readonly Readonly<Record<string, string>>[] = [
    request,
    { ...request, redirect_uri: `javascript:${canary}` },
    { ...request, response_type: canary },
    { ...request, code_challenge_method: canary, code_challenge: canary },
    { ...request, authorization_details: details },
    { ...request, authorization_details: `{"${canary}` },
    { ...request, issuer_state: canary },
    { ...request, request: canary },
    { ...request, resource: `https://${canary}.example` },
    { client_id: canary, request_uri: canary },
    { client_id: canary, request_uri: `urn:ietf:params:oauth:request_uri:${canary}` },
  ];
  return [
    ...spoilt.flatMap((parameters) => [
      () => postForm(`${url}/v1/oauth/par`, parameters, { authorization: `Basic ${btoa(`${canary}:${canary}`)}` }),
      () => postForm(`${url}/v1/oauth/par`, parameters, { dpop: hookToken }),
      () => postForm(`${url}/v1/oauth/par`, { ...parameters, client_assertion: hookToken, client_assertion_type: canary }),
      () => get(`/v1/oauth/authorize?${query(parameters)}`),
    ]),
    () => postForm(`${url}/v1/oauth/authorize`, { request: canary, form_token: canary, decision: canary }),
    () => postForm(`${url}/v1/oauth/sessions/${canary}`, { form_token: canary, decision: canary }),
    ...[
      { state: canary, code: canary, iss: canary },
      { state: canary, error: canary, error_description: canary },
      { [canary]: canary },
    ].map((parameters) => () => get(`/v1/oauth/authentication/callback?${query(parameters)}`)),
    () => get(`/v1/openid/interaction/return?${query({ session_token: hookToken })}`),
    () => get(`/v1/openid/interaction/return?${query({ session_token: canary, [canary]: canary })}`),
    () => postJson(`${url}/v1/openid/interaction/result`, { session_token: hookToken }),
    () => postJson(`${url}/v1/openid/interaction/result`, { session_token: { [canary]: canary } }),
    () => postJson(`${url}/v1/openid/interaction/result`, `{"session_token": "${canary}`),
    ...['authorization_code', 'refresh_token'].flatMap((grant) => [
      () =>
        postForm(`${url}/v1/oauth/token`, {
          grant_type: grant,
          client_id: canary,
          code: `AAAAAAAAAAAAAAAAAAAAAA.${canary}`,
          refresh_token: `AAAAAAAAAAAAAAAAAAAAAA.${canary}`,
          redirect_uri: `https://${canary}.example`,
          code_verifier: canary.padEnd(43, '~'),
        }),
      () =>
        postForm(
          `${url}/v1/oauth/token`,
          { grant_type: grant, code: canary, refresh_token: canary, code_verifier: canary, authorization_details: details },
          { authorization: `Basic ${btoa(`${canary}:${canary}`)}` },
        ),
    ]),
  ];
}
