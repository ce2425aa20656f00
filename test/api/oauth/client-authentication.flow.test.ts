import { randomBytes, randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WalletClientDocument } from '../../../store/documents.js';
import { postForm, type Exchange } from '../../flows/http-exchange.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { PlainWallet, type Answer } from '../../flows/plain-wallet.js';
import { newKeyPair, now, withChangedSignature, type WalletKeyPair } from '../../flows/signed-jwt.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { refusalOf } from '../wallet/refusal.js';
import { ASSERTION_TYPE, assertion, basic, CALLBACK, registerClient, seeRecords } from './wallet-clients.js';

const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
/** Every character that form encoding changes. */
const SECRET = 'a secret: 100% +&=ü~';

const system = useSharedSystem();
const key = newKeyPair();
const named = { es384: newKeyPair('ES384'), eddsa: newKeyPair('EdDSA') };
let configurationId: string;
let backend: IssuerBackend;
let secretive: WalletClientDocument;
let signing: WalletClientDocument;
let manyKeys: WalletClientDocument;
let open: WalletClientDocument;
let limited: WalletClientDocument;
let keyless: WalletClientDocument;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  secretive = await registerClient(system(), {
    clientId: `urn:wallet:${randomUUID()}`,
    tokenEndpointAuthMethod: 'client_secret_basic',
    secret: SECRET,
  });
  const jwt = { tokenEndpointAuthMethod: 'private_key_jwt' } as const;
  signing = await registerClient(system(), { ...jwt, jwks: { keys: [{ ...key.publicJwk, kid: 'one' }] } });
  const keys = Object.entries(named).map(([kid, { publicJwk }]) => ({ ...publicJwk, kid }));
  manyKeys = await registerClient(system(), { ...jwt, jwks: { keys } });
  keyless = await registerClient(system(), jwt);
  open = await registerClient(system());
  limited = await registerClient(system(), { grantTypes: ['refresh_token'] });
  await seeRecords(system());
  configurationId = await backend.configuration();
});

type Form = Readonly<Record<string, string>>;
const newCode = async () => new PlainWallet(system().url).codeOf((await backend.offer([configurationId])).uri);

/** What the endpoints need besides the client. */
const ENDPOINTS: Readonly<Record<string, { success: number; parameters: () => Promise<Form> }>> = {
  '/v1/oauth/token': {
    success: 200,
    parameters: async () => ({ grant_type: PRE_AUTHORIZED, 'pre-authorized_code': await newCode() }),
  },
  '/v1/oauth/par': {
    success: 201,
    parameters: () =>
      Promise.resolve({
        response_type: 'code',
        redirect_uri: CALLBACK,
        code_challenge: randomBytes(32).toString('base64url'),
        code_challenge_method: 'S256',
        authorization_details: JSON.stringify([{ type: 'openid_credential', credential_configuration_id: configurationId }]),
      }),
  },
};

describe.each(Object.keys(ENDPOINTS))('%s', (path) => {
  const url = () => system().url + path;
  const send = async (client: Form, headers: Exchange['headers'] = {}): Promise<Answer> =>
    postForm(url(), { ...(await ENDPOINTS[path]!.parameters()), ...client }, headers);
  const outcome = async (client: Form, headers: Exchange['headers'] = {}): Promise<string> => {
    const answer = await send(client, headers);
    return answer.status === ENDPOINTS[path]!.success ? 'accepted' : refusalOf(answer);
  };
  const signed = (change: Partial<Parameters<typeof assertion>[0]> = {}) =>
    assertion({ clientId: signing.clientId, audience: system().url, key, ...change });

  describe('a client with a secret', () => {
    it('HAP-05 RFC 6749 2.3.1 authenticates by Basic, its id and secret form-encoded, with or without client_id', async () => {
      const headers = basic(secretive.clientId, SECRET);
      expect(await outcome({}, headers)).toBe('accepted');
      expect(await outcome({ client_id: secretive.clientId }, headers)).toBe('accepted');
      const lower = { authorization: headers.authorization.replace('Basic', 'bAsIc') };
      expect(await outcome({}, lower)).toBe('accepted');
    });

    it.each<[string, () => Exchange['headers']]>([
      ['a wrong secret', () => basic(secretive.clientId, `${SECRET}x`)],
      ['a secret that is not form-encoded', () => raw(`${secretive.clientId}:${SECRET}`)],
      ['an empty secret', () => basic(secretive.clientId, '')],
      ['an unknown client', () => basic(`urn:wallet:${randomUUID()}`, SECRET)],
      ['broken percent-encoding', () => raw('%ZZ:%')],
      ['no colon', () => raw('nothing')],
      ['something that is not Base64', () => ({ authorization: 'Basic ???' })],
      ['another scheme', () => ({ authorization: `Bearer ${SECRET.slice(0, 8)}` })],
      ['a secret of 4 kB', () => basic(secretive.clientId, 'x'.repeat(4096))],
      ['two headers', () => ({ authorization: Array<string>(2).fill(basic(secretive.clientId, SECRET).authorization) })],
    ])('TOK-12 HAP-05 is refused for %s, and told of Basic', async (_name, headers) => {
      const answer = await send({}, headers());
      expect(refusalOf(answer)).toBe('401 invalid_client');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      expect(answer.text).not.toContain('ü');
    });

    it('TOK-12 HAP-05 is refused with the right secret sent in any other way, or with another client_id', async () => {
      const right = basic(secretive.clientId, SECRET);
      expect(await outcome({ client_id: secretive.clientId })).toBe('401 invalid_client');
      expect(await outcome({ client_id: secretive.clientId, client_secret: SECRET })).toBe('401 invalid_client');
      expect(await outcome({ client_id: open.clientId }, right)).toBe('401 invalid_client');
      expect(await outcome(signed({ clientId: secretive.clientId }))).toBe('401 invalid_client');
      expect(await outcome(signed(), right)).toBe('401 invalid_client');
      expect(await outcome({ client_secret: SECRET }, right)).toBe('401 invalid_client');
    });
  });

  describe('a client with keys', () => {
    it('HAP-05 RFC 7523 authenticates by an assertion for the issuer, with or without client_id', async () => {
      expect(await outcome(signed())).toBe('accepted');
      expect(await outcome({ client_id: signing.clientId, ...signed({ header: { kid: 'one' } }) })).toBe('accepted');
      expect(await outcome(signed({ header: { typ: undefined } }))).toBe('accepted');
    });

    it('HAP-05 FAPI2 5.3.2.1 may name the token or the PAR endpoint in place of the issuer', async () => {
      for (const endpoint of Object.keys(ENDPOINTS)) {
        expect(await outcome(signed({ audience: system().url + endpoint }))).toBe('accepted');
      }
    });

    it('HAP-05 finds the key by its kid, of any algorithm that wallets use', async () => {
      for (const [kid, own] of Object.entries(named)) {
        expect(await outcome(signed({ clientId: manyKeys.clientId, key: own, header: { kid } })), kid).toBe('accepted');
      }
      const wrong = signed({ clientId: manyKeys.clientId, key: named.es384, header: { kid: 'eddsa' } });
      expect(await outcome(wrong)).toBe('401 invalid_client');
      expect(await outcome(signed({ clientId: manyKeys.clientId, key: named.es384 }))).toBe('401 invalid_client');
    });

    it('HAP-05 may have a clock that is a little off', async () => {
      const ahead = { iat: now(8), nbf: now(8), exp: now(305) };
      expect(await outcome(signed({ payload: ahead }))).toBe('accepted');
      expect(await outcome(signed({ payload: { iat: now(-600), nbf: undefined, exp: now(-2) } }))).toBe('accepted');
    });

    it('RFC 7523 3 uses an assertion once, also of several requests at the same time', async () => {
      const once = signed();
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => outcome(once)));
      expect(outcomes.sort()).toEqual([...Array<string>(4).fill('401 invalid_client'), 'accepted']);
      expect(await outcome(once)).toBe('401 invalid_client');
    });

    it('RFC 7523 3 may use the jti of another client', async () => {
      const payload = { jti: randomUUID() };
      expect(await outcome(signed({ payload }))).toBe('accepted');
      const other = { clientId: manyKeys.clientId, key: named.eddsa, header: { kid: 'eddsa' } };
      expect(await outcome(signed({ ...other, payload }))).toBe('accepted');
    });

    const bad: readonly (readonly [string, () => Form])[] = [
      ['no assertion', () => ({ client_id: signing.clientId })],
      ['another client_assertion_type', () => ({ ...signed(), client_assertion_type: 'urn:other' })],
      ['no client_assertion_type', () => ({ client_assertion: signed().client_assertion })],
      ['something that is no JWT', () => ({ client_assertion_type: ASSERTION_TYPE, client_assertion: 'garbage' })],
      ['another client_id', () => ({ ...signed(), client_id: open.clientId })],
      ['a changed signature', () => changed(signed())],
      ['another key', () => signed({ signWith: newKeyPair() })],
      ['alg none', () => signed({ header: { alg: 'none' }, signWith: { ...key, algorithm: 'none' } })],
      ['an alg that does not fit the key', () => signed({ header: { alg: 'ES384' } })],
      ['an unknown kid', () => signed({ header: { kid: 'two' } })],
      ['a key of its own in the header', () => withOwnKey(newKeyPair())],
      ['a crit header', () => signed({ header: { crit: ['exp'] } })],
      ['the typ of a DPoP proof', () => signed({ header: { typ: 'dpop+jwt' } })],
      ['another iss', () => signed({ payload: { iss: open.clientId } })],
      ['no iss', () => signed({ payload: { iss: undefined } })],
      ['no sub', () => signed({ payload: { sub: undefined } })],
      ['a sub that is an object', () => signed({ payload: { iss: {}, sub: {} } })],
      ['another aud', () => signed({ audience: 'https://other.example' })],
      ['several aud', () => signed({ audience: [system().url, 'https://other.example'] })],
      ['no aud', () => signed({ audience: undefined })],
      ['an exp that is over', () => signed({ payload: { exp: now(-20) } })],
      ['an exp an hour ahead', () => signed({ payload: { exp: now(3600) } })],
      ['an exp that is a string', () => signed({ payload: { exp: String(now(60)) } })],
      ['no exp', () => signed({ payload: { exp: undefined } })],
      ['an iat ahead', () => signed({ payload: { iat: now(30) } })],
      ['an nbf ahead', () => signed({ payload: { nbf: now(30) } })],
      ['no jti', () => signed({ payload: { jti: undefined } })],
      ['a jti of 300 characters', () => signed({ payload: { jti: 'x'.repeat(300) } })],
      ['a client that has no keys', () => signed({ clientId: keyless.clientId })],
      ['a client that is not registered', () => signed({ clientId: `wallet-${randomUUID()}` })],
      ['a client that has no method', () => signed({ clientId: open.clientId })],
    ];

    it.each(bad)('TOK-12 HAP-05 is refused for %s', async (_name, client) => {
      expect(await outcome(client())).toBe('401 invalid_client');
    });
  });

  describe('a client without credentials', () => {
    it('HAP-05 says who it is, whether registered or not, and sends no credentials', async () => {
      for (const clientId of [open.clientId, `wallet-${randomUUID()}`]) {
        expect(await outcome({ client_id: clientId })).toBe('accepted');
        expect(await outcome({ client_id: clientId }, basic(clientId, 'secret'))).toBe('401 invalid_client');
        expect(await outcome({ client_id: clientId, client_secret: 'secret' })).toBe('401 invalid_client');
        expect(await outcome({ client_id: clientId, ...signed({ clientId }) })).toBe('401 invalid_client');
      }
    });

    it('RFC 6749 5.2 is told where it is not registered for the grant', async () => {
      expect(await outcome({ client_id: limited.clientId })).toBe('400 unauthorized_client');
    });
  });

  const raw = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  const changed = ({ client_assertion: jwt, ...rest }: Form) => ({ ...rest, client_assertion: withChangedSignature(jwt!) });
  const withOwnKey = (own: WalletKeyPair) => signed({ key: own, header: { jwk: own.publicJwk, kid: 'one' } });
});

describe('the token of an authenticated client', () => {
  it('RFC 9068 2.2 names it', async () => {
    const parameters = await ENDPOINTS['/v1/oauth/token']!.parameters();
    const answer = await postForm(`${system().url}/v1/oauth/token`, parameters, basic(secretive.clientId, SECRET));
    expect(decodeJwt(answer.json.access_token as string).client_id).toBe(secretive.clientId);
  });

  it('TOK-12 RFC 7523 3 a refused client leaves the code good', async () => {
    const parameters = await ENDPOINTS['/v1/oauth/token']!.parameters();
    const send = (headers: Exchange['headers']) => postForm(`${system().url}/v1/oauth/token`, parameters, headers);
    expect(refusalOf(await send(basic(secretive.clientId, 'wrong')))).toBe('401 invalid_client');
    expect((await send(basic(secretive.clientId, SECRET))).status).toBe(200);
  });
});
