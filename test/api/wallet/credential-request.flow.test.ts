import { beforeAll, describe, expect, it } from 'vitest';
import { exchange, postForm, type Exchange } from '../../flows/http-exchange.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { refusalOf } from './refusal.js';
import { useCredentialRequests } from './use-credential-requests.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const system = useSharedSystem();
const requests = useCredentialRequests(system);
/** A configuration that the token does not cover. */
let uncovered: string;
/** A token whose answer named credential identifiers, and the one it named. */
let detailed: { token: string; identifier: string };

beforeAll(async () => {
  const { backend, configurationId, wallet } = requests();
  uncovered = await backend.configuration();
  const { json } = await postForm(`${system().url}/v1/oauth/token`, {
    grant_type: GRANT,
    'pre-authorized_code': wallet.codeOf((await backend.offer([configurationId])).uri),
    authorization_details: JSON.stringify([{ type: 'openid_credential', credential_configuration_id: configurationId }]),
  });
  const [granted] = json.authorization_details as readonly { credential_identifiers: readonly string[] }[];
  detailed = { token: json.access_token as string, identifier: granted?.credential_identifiers[0] ?? '' };
});

const endpoint = () => `${system().url}/v1/openid/credential`;
const known = () => ({ credential_configuration_id: requests().configurationId });
const proofs = () => ({ jwt: [requests().proof()] });
const encryption = { credential_response_encryption: { jwk: {}, enc: 'A128GCM' } };
const refused = async (body: unknown, token?: string, headers?: Exchange['headers']) =>
  refusalOf(await requests().send(body, token, headers));

describe('of several faults in a credential request the first of this order is answered', () => {
  it('1 the method', async () => {
    const answer = await exchange(endpoint(), { method: 'GET' });
    expect(refusalOf(answer)).toBe('405 invalid_request');
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS');
  });

  it('2 CRD-01 the access token, before anything in the body', async () => {
    expect(await refused('garbage', 'x')).toBe('401 invalid_token');
    expect(refusalOf(await exchange(endpoint(), { method: 'POST', body: 'garbage' }))).toBe('401 invalid_token');
  });

  it.each([
    ['broken JSON', '{"credential_configuration_id":'],
    ['nothing', ''],
    ['an array', '[]'],
    ['null', 'null'],
    ['a string', '"x"'],
    ['a number', '1e999'],
    ['endless nesting', '['.repeat(200_000)],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('3 CRD-16 a body that is %s', async (_name, body) => {
    const headers = { authorization: `Bearer ${requests().token}`, 'content-type': 'application/json' };
    expect(refusalOf(await exchange(endpoint(), { method: 'POST', headers, body }))).toBe('400 invalid_credential_request');
  });

  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/jwt', 415],
    ['application/jsonp', 415],
    ['', 415],
  ])('3 CRD-10 a media type %j', async (type, status) => {
    const body = JSON.stringify({ ...known(), proofs: proofs() });
    expect(await refused(body, undefined, { 'content-type': type })).toBe(`${status} invalid_credential_request`);
  });

  it('3 a body that is too large', async () => {
    expect(await refused({ ...known(), filling: 'x'.repeat(1_100_000) })).toBe('413 invalid_credential_request');
  });

  it.each([
    ['none', () => ({})],
    ['both, unknown ones', () => ({ credential_identifier: 'x', credential_configuration_id: 'x' })],
    ['both, one of them null', () => ({ ...known(), credential_identifier: null })],
    ['one that is a number', () => ({ credential_configuration_id: 1 })],
    ['one that is an object', () => ({ credential_identifier: { $ne: null } })],
    ['one that is null', () => ({ credential_configuration_id: null })],
    ['the format of old drafts', () => ({ format: 'dc+sd-jwt', vct: 'x' })],
  ])('4 CRD-02 selectors: %s', async (_name, selector) => {
    expect(await refused({ ...selector(), ...encryption, proofs: {} })).toBe('400 invalid_credential_request');
  });

  it.each(['unknown', '', '__proto__', 'constructor', '"\\\r\n☃', 'x'.repeat(10_000)])(
    '5 CRD-03 CRD-18 the unknown configuration or identifier %.20j',
    async (name) => {
      for (const token of [requests().token, detailed.token]) {
        const rest = { ...encryption, proofs: {} };
        expect(await refused({ credential_configuration_id: name, ...rest }, token)).toBe('400 unknown_credential_configuration');
        expect(await refused({ credential_identifier: name, ...rest }, token)).toBe('400 unknown_credential_identifier');
      }
    },
  );

  it('6 CRD-02 TOK-08 a configuration id where the token response named identifiers', async () => {
    const answer = await refused({ ...known(), ...encryption, proofs: {} }, detailed.token);
    expect(answer).toBe('400 invalid_credential_request');
    expect(await refused({ credential_configuration_id: uncovered }, detailed.token)).toBe('400 invalid_credential_request');
  });

  it("6 CRD-02 CRD-03 another token's identifier where this token response named none", async () => {
    expect(await refused({ credential_identifier: detailed.identifier })).toBe('400 unknown_credential_identifier');
  });

  it('7 CRD-04 TOK-05 a configuration that the token does not cover', async () => {
    const answer = await requests().send({ credential_configuration_id: uncovered, ...encryption, proofs: {} });
    expect(refusalOf(answer)).toBe('403 insufficient_scope');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer .*error="insufficient_scope"/);
  });

  it.each([[{ jwk: {}, enc: 'A128GCM' }], [{}], [null], ['x']])(
    '8 CRD-11 CRD-17 ENC-07 encryption, which is not offered: %j',
    async (credential_response_encryption) => {
      expect(await refused({ ...known(), credential_response_encryption, proofs: {} })).toBe('400 invalid_encryption_parameters');
    },
  );

  it.each([
    ['missing', undefined],
    ['null', null],
    ['a string', 'x'],
    ['an array', []],
    ['empty', {}],
    ['of two types', { jwt: ['x'], attestation: ['y'] }],
    ['of a type that is not offered', { di_vp: [{}] }],
    ['named by a member of Object.prototype', { ['__proto__']: ['x'] }],
    ['no array', { jwt: 'x' }],
    ['an empty array', { jwt: [] }],
    ['an array of objects', { jwt: [{}] }],
    ['an array with null', { jwt: [null] }],
  ])('9 CRD-05 CRD-06 proofs: %s', async (_name, given) => {
    expect(await refused({ ...known(), proofs: given })).toBe('400 invalid_proof');
  });

  it('9 CRD-05 the single proof of old drafts is none', async () => {
    const proof = { proof_type: 'jwt', jwt: requests().proof() };
    expect(await refused({ ...known(), proof })).toBe('400 invalid_proof');
  });

  it('10 a proof that fails a check, before its nonce', async () => {
    const jwt = requests().proof({ nonce: 'not a nonce', payload: { aud: 'https://other.example' } });
    expect(await refused({ ...known(), proofs: { jwt: [jwt] } })).toBe('400 invalid_proof');
  });

  it('11 CRD-08 the nonce', async () => {
    const jwt = requests().proof({ nonce: 'not a nonce' });
    expect(await refused({ ...known(), proofs: { jwt: [jwt] } })).toBe('400 invalid_nonce');
  });
});
