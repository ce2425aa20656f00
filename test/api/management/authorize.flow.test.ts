import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { signManagementToken } from '../../../api/management/management-token.js';
import { loadConfig } from '../../../config/config.js';
import { hashClientSecret } from '../../../store/client-secret.js';
import type { ClientDocument, Role } from '../../../store/documents.js';
import { IssuerDirectory } from '../../../store/issuer-directory.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import { PlainWallet } from '../../flows/plain-wallet.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { ManagementClient, newClient, send } from './management-client.js';

const system = useSharedSystem();

/** A path that takes the method, and what comes of it for those who may: nothing is changed by any of them. */
const OPERATIONS = {
  'GET /v2/credentials/sd-jwt/configurations': 200,
  'POST /v2/credentials/sd-jwt/configurations': 400,
  'GET /v2/credentials/sd-jwt/configurations/none': 404,
  'PUT /v2/credentials/sd-jwt/configurations/none': 404,
  'DELETE /v2/credentials/sd-jwt/configurations/none': 404,
  'GET /v1/claim-sources': 200,
  'POST /v1/claim-sources': 400,
  'GET /v1/claim-sources/none': 404,
  'PUT /v1/claim-sources/none': 404,
  'DELETE /v1/claim-sources/none': 404,
  'GET /v1/users/authentication-providers': 200,
  'POST /v1/users/authentication-providers': 400,
  'GET /v1/users/authentication-providers/none': 404,
  'PUT /v1/users/authentication-providers/none': 404,
  'DELETE /v1/users/authentication-providers/none': 404,
  'GET /v1/openid/configuration': 200,
  'PUT /v1/openid/configuration': 400,
  'GET /v1/openid/offers/pre-authorized': 200,
  'POST /v1/openid/offers/pre-authorized': 400,
  'GET /v1/openid/offers/pre-authorized/none': 404,
  'DELETE /v1/openid/offers/pre-authorized/none': 404,
  'GET /v1/users': 200,
  'POST /v1/users': 400,
  'POST /v1/users/search': 400,
  'GET /v1/users/none': 404,
  'PUT /v1/users/none': 404,
  'DELETE /v1/users/none': 404,
  'GET /v1/users/none/credentials': 404,
  'GET /v1/oauth/clients': 200,
  'POST /v1/oauth/clients': 400,
  'GET /v1/oauth/clients/none': 404,
  'PUT /v1/oauth/clients/none': 404,
  'DELETE /v1/oauth/clients/none': 404,
  'GET /v1/openid/offers': 200,
  'POST /v1/openid/offers': 400,
  'GET /v1/openid/offers/AAAAAAAAAAAAAAAAAAAAAA': 404,
  'DELETE /v1/openid/offers/AAAAAAAAAAAAAAAAAAAAAA': 404,
  'POST /v1/openid/offers/AAAAAAAAAAAAAAAAAAAAAA/pause': 404,
  'POST /v1/openid/offers/AAAAAAAAAAAAAAAAAAAAAA/resume': 404,
  'GET /v1/events': 200,
} as const;
type Operation = keyof typeof OPERATIONS;

const operations = Object.keys(OPERATIONS) as Operation[];
const MANAGED = operations.filter((operation) =>
  /\/v1\/(claim-sources|users\/authentication-providers|openid\/configuration)/.test(operation),
);

/** Asks for each operation; gives the ones that were allowed. */
async function allowed(authorization: string): Promise<Operation[]> {
  const permitted: Operation[] = [];
  for (const operation of operations) {
    const [method = '', path = ''] = operation.split(' ');
    const hasBody = method === 'POST' || method === 'PUT';
    const sent = hasBody ? { body: { unknown: true } } : {};
    const answer = await send(system().url + path, method, { headers: { authorization }, ...sent });
    if (answer.status === 403) {
      expect([operation, answer.text, answer.headers.get('content-type')]).toEqual([operation, '', null]);
      continue;
    }
    expect([operation, answer.status]).toEqual([operation, OPERATIONS[operation]]);
    permitted.push(operation);
  }
  return permitted;
}

describe('roles', () => {
  it.each<[string, readonly Role[], readonly Operation[]]>([
    ['admin', ['admin'], operations],
    ['issuer', ['issuer'], operations],
    ['managed-issuer', ['managed-issuer'], MANAGED],
    ['auditor', ['auditor'], ['GET /v1/events']],
    ['verifier', ['verifier'], []],
    ['none at all', [], []],
    ['auditor and managed-issuer together', ['auditor', 'managed-issuer'], [...MANAGED, 'GET /v1/events']],
  ])('%s may do what its roles say, and gets an empty 403 for the rest', async (_name, roles, expected) => {
    const client = await ManagementClient.withRoles(system(), ...roles);
    expect(await allowed(`Bearer ${client.token}`)).toEqual(expected);
  });
});

describe('a management token', () => {
  let record: ClientDocument;
  let config: ReturnType<typeof loadConfig>;

  beforeAll(async () => {
    ({ record } = await newClient(system(), ['admin']));
    config = loadConfig({ env: { MASTER_KEY: system().masterKey, PUBLIC_URL: system().url }, hostname: 'test' });
  });

  /** Signed with the issuer's own keys, for another time or by another name of the issuer. */
  const signed = ({ secondsAgo = 0, publicUrl = system().url, client = record } = {}) => {
    return signManagementToken(
      {
        config: { ...config, PUBLIC_URL: publicUrl },
        directory: new IssuerDirectory(system()),
        ring: ringOf(system()),
        now: () => Date.now() - 1000 * secondsAgo,
      },
      client,
    );
  };
  const list = (authorization?: string) =>
    send(`${system().url}/v1/claim-sources?limit=1`, 'GET', authorization === undefined ? {} : { headers: { authorization } });

  it('of the issuer, in its time, is taken; the scheme is spelt in any case', async () => {
    const token = await signed({ secondsAgo: config.MANAGEMENT_TOKEN_SECONDS - 60 });
    expect((await list(`Bearer ${token}`)).status).toBe(200);
    expect((await list(`bearer ${token}`)).status).toBe(200);
  });

  it.each<[string, () => Promise<string | undefined>]>([
    ['none', () => Promise.resolve(undefined)],
    ['garbage', () => Promise.resolve('Bearer garbage')],
    ['an empty one', () => Promise.resolve('Bearer ')],
    ['one by Basic', () => Promise.resolve(`Basic ${Buffer.from('admin:secret').toString('base64')}`)],
    ['one under the DPoP scheme', async () => `DPoP ${await signed()}`],
    ['a very long one', () => Promise.resolve(`Bearer ${'a'.repeat(5000)}`)],
    ['an expired one', async () => `Bearer ${await signed({ secondsAgo: config.MANAGEMENT_TOKEN_SECONDS + 60 })}`],
    ['one of another issuer', async () => `Bearer ${await signed({ publicUrl: 'https://other.example' })}`],
    ['one of a client that is no more', async () => `Bearer ${await signed({ client: { ...record, _id: 'gone' } })}`],
    ['one got with an older secret', async () => `Bearer ${await signed({ client: { ...record, secretHash: 'older.hash' } })}`],
    ['one whose signature was changed', async () => `Bearer ${(await signed()).replace(/\.[^.]{4}([^.]*)$/, '.AAAA$1')}`],
    ['one without a signature', async () => `Bearer ${unsigned(await signed())}`],
    ['one signed with another key', () => foreign(record).then((token) => `Bearer ${token}`)],
  ])('%s gets a 401 with the bare JSON string "Unauthorized"', async (_what, authorization) => {
    const answer = await list(await authorization());
    expect(answer.status).toBe(401);
    expect(answer.text).toBe('"Unauthorized"');
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('comes before everything else: what is sent without one is not even read', async () => {
    const answer = await send(`${system().url}/v1/openid/offers/pre-authorized`, 'POST', { body: '{ not JSON' });
    expect([answer.status, answer.text]).toEqual([401, '"Unauthorized"']);
  });

  it('ends with its client: a changed secret is a new version', async () => {
    const { record: own } = await newClient(system(), ['admin']);
    const [before, after] = [await signed({ client: own }), await signed({ client: own, secondsAgo: 1 })];
    expect((await list(`Bearer ${before}`)).status).toBe(200);
    await system().db.clients.updateOne({ _id: own._id }, { $set: { secretHash: await hashClientSecret('another') } });
    expect((await list(`Bearer ${after}`)).status).toBe(401);
  });

  const foreign = ({ _id }: ClientDocument) =>
    new SignJWT({ roles: ['admin'], secret_version: 'x' })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .setIssuer(system().url)
      .setAudience(`${system().url}/management`)
      .setSubject(_id)
      .setExpirationTime('1h')
      .sign(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
});

function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
  return `${header}.${token.split('.')[1] ?? ''}.`;
}

describe("a wallet's access token", () => {
  it('is no management token, and a management token is none of a wallet', async () => {
    const backend = await IssuerBackend.login(system());
    const wallet = new PlainWallet(system().url);
    const configurationId = await backend.configuration();
    const walletToken = await wallet.token((await backend.offer([configurationId])).uri);
    const answer = await send(`${system().url}/v1/events`, 'GET', { headers: { authorization: `Bearer ${walletToken}` } });
    expect([answer.status, answer.text]).toEqual([401, '"Unauthorized"']);

    const { token } = await ManagementClient.admin(system());
    const refusal = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
    expect([refusal.status, refusal.json.error]).toEqual([401, 'invalid_token']);
    expect(refusal.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });
});
