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
    ]
      .flatMap((folder) => [`${folder}/${canary}`, `${folder}/%E0%A4%A${canary}`, `${folder}?${canary}=${canary}`])
      .flatMap((path) => [() => get(path), () => get(path, managed)]),
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

    () => postJson(`${url}/oauth/token`, { client_id: canary, client_secret: canary, grant_type: 'client_credentials' }),
    () => postJson(`${url}/oauth/token`, { client_id: [canary], client_secret: 1, grant_type: canary, audience: canary }),
    () =>
      postForm(
        `${url}/oauth/token`,
        { [canary]: canary },
        { authorization: `Basic ${Buffer.from(`${canary}:${canary}`).toString('base64')}` },
      ),
    ...['/v1/openid/offers/pre-authorized', '/v1/claim-sources', '/v2/credentials/sd-jwt/configurations'].flatMap((path) => [
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
