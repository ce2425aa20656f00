import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodeIssuer } from '../../flows/authorization-server.js';
import type { CodeRequest, CodeWallet } from '../../flows/code-wallet.js';
import { postForm, postJson } from '../../flows/http-exchange.js';
import { PlainWallet, type Answer } from '../../flows/plain-wallet.js';
import { dpopProof, newKeyPair, type WalletKeyPair } from '../../flows/signed-jwt.js';
import { jwkThumbprint } from '../../../keys/public-jwk.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { ManagementClient } from '../management/management-client.js';
import { refusalOf } from './refusal.js';

const PRE_AUTHORIZED = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
const REDIRECT = 'https://wallet.example/callback';

const system = useSharedSystem();
let issuer: CodeIssuer;
let api: ManagementClient;
let plain: PlainWallet;
let first: { id: string; scope: string };
let second: { id: string; scope: string };

beforeAll(async () => {
  issuer = await CodeIssuer.start(system());
  api = await ManagementClient.admin(system());
  plain = new PlainWallet(system().url);
  [first, second] = [await issuer.credential(), await issuer.credential()];
});
afterAll(() => issuer.stop());

const tokenUrl = () => `${system().url}/v1/oauth/token`;
const proof = (key: WalletKeyPair, url = tokenUrl()) => ({ dpop: dpopProof({ url, key }) });
const detailsOf = (...ids: string[]) =>
  JSON.stringify(ids.map((id) => ({ type: 'openid_credential', credential_configuration_id: id })));
const accessTokenOf = ({ json }: Answer) => json.access_token as string;
const identified = (id: string) => ({
  type: 'openid_credential',
  credential_configuration_id: id,
  credential_identifiers: [`${id}:1`],
});

/** A wallet with a code. */
async function coded(request: CodeRequest = { scope: first.scope }, wallet: CodeWallet = issuer.wallet()) {
  return { wallet, code: await issuer.code(wallet, request) };
}

/** What the credential endpoint says of the token: by configuration id, or by identifier. */
async function ask(token: string, id: string, by: 'configuration' | 'identifier' = 'configuration', key?: WalletKeyPair) {
  const body = JSON.parse(await plain.credentialRequest(id)) as { proofs: unknown };
  const selected = by === 'configuration' ? body : { credential_identifier: `${id}:1`, proofs: body.proofs };
  const url = `${system().url}/v1/openid/credential`;
  if (key === undefined) return postJson(url, selected, { authorization: `Bearer ${token}` });
  return postJson(url, selected, { authorization: `DPoP ${token}`, dpop: dpopProof({ url, key, accessToken: token }) });
}

async function authenticating(more: Readonly<Record<string, unknown>> = {}) {
  const { clientId, clientSecret } = (await api.create('/v1/oauth/clients', {
    name: 'Wallet',
    redirectUris: [REDIRECT],
    tokenEndpointAuthMethod: 'client_secret_basic',
    ...more,
  })) as unknown as Record<string, string>;
  const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`${clientId!}:${secret}`).toString('base64')}` });
  return { clientId: clientId!, basic, wallet: issuer.wallet({ clientId: clientId!, headers: basic(clientSecret!) }) };
}

describe('a code', () => {
  it('TOK-01 TOK-13 is worth a token to the wallet it was made for', async () => {
    const { wallet, code } = await coded();
    const answer = await wallet.redeem(code);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.json).toEqual({
      access_token: expect.any(String) as string,
      token_type: 'Bearer',
      expires_in: expect.any(Number) as number,
    });
    expect(answer.json.expires_in as number).toBeLessThanOrEqual(300);
    expect((await ask(accessTokenOf(answer), first.id)).status).toBe(200);
  });

  it('TOK-01 TOK-17 is bound to client, redirect URI and PKCE, and stays good after all that is not it', async () => {
    const { wallet, code } = await coded();
    const other = await coded();
    const [session, secret] = code.split('.') as [string, string];
    const refused: [Record<string, string>, string][] = [
      [{ code: '' }, '400 invalid_request'],
      [{ redirect_uri: '' }, '400 invalid_request'],
      [{ code_verifier: '' }, '400 invalid_grant'],
      [{ code_verifier: 'short' }, '400 invalid_grant'],
      [{ code_verifier: other.wallet.verifier }, '400 invalid_grant'],
      // As if the challenge had been plain.
      [{ code_verifier: wallet.parameters({}).code_challenge! }, '400 invalid_grant'],
      [{ client_id: other.wallet.clientId }, '400 invalid_grant'],
      [{ client_id: '' }, '401 invalid_client'],
      [{ redirect_uri: `${REDIRECT}/` }, '400 invalid_grant'],
      [{ redirect_uri: `${REDIRECT}?x=1` }, '400 invalid_grant'],
      [{ code: `${session}.${randomBytes(32).toString('base64url')}` }, '400 invalid_grant'],
      [{ code: `${other.code.split('.')[0]!}.${secret}` }, '400 invalid_grant'],
      [{ code: session }, '400 invalid_grant'],
      [{ code: `${code}x` }, '400 invalid_grant'],
      [{ code: 'x'.repeat(5000) }, '400 invalid_grant'],
      [{ tx_code: '1234' }, '400 invalid_request'],
      [{ grant_type: 'password' }, '400 unsupported_grant_type'],
    ];
    for (const [more, expected] of refused)
      expect(refusalOf(await wallet.redeem(code, more)), JSON.stringify(more)).toBe(expected);
    expect(refusalOf(await other.wallet.redeem(code))).toBe('400 invalid_grant');
    const twice = [
      ...Object.entries({ grant_type: 'authorization_code', client_id: wallet.clientId, code, code_verifier: wallet.verifier }),
      ['redirect_uri', REDIRECT],
      ['code', other.code],
    ] as [string, string][];
    expect(refusalOf(await postForm(tokenUrl(), twice))).toBe('400 invalid_request');
    expect((await wallet.redeem(code)).status).toBe(200);
  });

  it('is bound to the DPoP key that the authorization request named (RFC 9449 10)', async () => {
    const [key, other] = [newKeyPair(), newKeyPair()];
    const { wallet, code } = await coded({ scope: first.scope, more: { dpop_jkt: jwkThumbprint(key.publicJwk) } });
    expect(refusalOf(await wallet.redeem(code))).toBe('400 invalid_grant');
    expect(refusalOf(await wallet.redeem(code, {}, proof(other)))).toBe('400 invalid_grant');
    const answer = await wallet.redeem(code, {}, proof(key));
    expect([answer.status, answer.json.token_type]).toEqual([200, 'DPoP']);
    expect(refusalOf(await ask(accessTokenOf(answer), first.id))).toBe('401 invalid_token');
    expect(refusalOf(await ask(accessTokenOf(answer), first.id, 'configuration', other))).toMatch(/^40[01] invalid_/);
    expect((await ask(accessTokenOf(answer), first.id, 'configuration', key)).status).toBe(200);
  });

  it('TOK-17 that is used twice ends what it brought: access token and refresh token', async () => {
    const key = newKeyPair();
    const { wallet, code } = await coded();
    const answer = await wallet.redeem(code, {}, proof(key));
    const refreshToken = answer.json.refresh_token as string;
    const refreshed = await wallet.refresh(refreshToken, {}, proof(key));
    expect(refreshed.status).toBe(200);
    // Whoever has the code but not the verifier ends nothing.
    expect(refusalOf(await wallet.redeem(code, { code_verifier: 'a'.repeat(43) }, proof(key)))).toBe('400 invalid_grant');
    expect((await wallet.refresh(refreshToken, {}, proof(key))).status).toBe(200);
    expect(refusalOf(await wallet.redeem(code, {}, proof(key)))).toBe('400 invalid_grant');
    for (const token of [answer, refreshed].map(accessTokenOf))
      expect(refusalOf(await ask(token, first.id, 'configuration', key))).toBe('401 invalid_token');
    expect(refusalOf(await wallet.refresh(refreshToken, {}, proof(key)))).toBe('400 invalid_grant');
    const outcome = async () => (await system().db.issuances.findOne({ _id: code.split('.')[0]! }))?.outcome;
    await expect.poll(outcome).toBe('revoked');
  });

  it('TOK-17 that ten redeem at once brings one token, which is then dead', async () => {
    const { wallet, code } = await coded();
    const answers = await Promise.all(Array.from({ length: 10 }, () => wallet.redeem(code)));
    const [good, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    for (const answer of answers.filter(({ status }) => status !== 200)) expect(refusalOf(answer)).toBe('400 invalid_grant');
    expect(refusalOf(await ask(accessTokenOf(good!), first.id))).toBe('401 invalid_token');
  });

  it('of one grant is worth nothing in the other, and is not used up there', async () => {
    const offer = await issuer.backend.offer([first.id], { claims: { given_name: 'Ngaio' } });
    const preAuthorized = plain.codeOf(offer.uri);
    const { wallet, code } = await coded();
    expect(refusalOf(await wallet.redeem(preAuthorized))).toBe('400 invalid_grant');
    const withTransactionCode = await issuer.backend.offer([first.id], {
      claims: { given_name: 'Ngaio' },
      transactionCodeConfiguration: { length: 4, inputMode: 'numeric' },
    });
    const parameters = { tx_code: withTransactionCode.transactionCode! };
    expect(refusalOf(await wallet.redeem(plain.codeOf(withTransactionCode.uri), parameters))).toBe('400 invalid_grant');
    expect(refusalOf(await plain.redeem(code))).toBe('400 invalid_grant');
    const inBoth = { grant_type: PRE_AUTHORIZED, 'pre-authorized_code': code, client_id: wallet.clientId };
    expect(refusalOf(await postForm(tokenUrl(), { ...inBoth, code_verifier: wallet.verifier, redirect_uri: REDIRECT }))).toBe(
      '400 invalid_grant',
    );
    expect((await plain.redeem(preAuthorized)).status).toBe(200);
    expect((await wallet.redeem(code)).status).toBe(200);
  });
});

describe('what the token covers', () => {
  it('CRD-02 asked for by scope: no identifiers, the configuration selects', async () => {
    const { wallet, code } = await coded({ scope: `openid ${first.scope}` });
    const answer = await wallet.redeem(code);
    expect(answer.json).not.toHaveProperty('authorization_details');
    const token = accessTokenOf(answer);
    expect(refusalOf(await ask(token, first.id, 'identifier'))).toBe('400 unknown_credential_identifier');
    expect(refusalOf(await ask(token, second.id))).toBe('403 insufficient_scope');
    expect((await ask(token, first.id)).status).toBe(200);
  });

  it('TOK-08 TOK-09 CRD-02 asked for by authorization_details: an identifier for each, which selects', async () => {
    const { wallet, code } = await coded({ configurationIds: [first.id, second.id] });
    const answer = await wallet.redeem(code);
    expect(answer.json.authorization_details).toEqual([identified(first.id), identified(second.id)]);
    const token = accessTokenOf(answer);
    expect(refusalOf(await ask(token, first.id))).toBe('400 invalid_credential_request');
    for (const { id } of [first, second]) expect((await ask(token, id, 'identifier')).status).toBe(200);
  });

  it('CRD-02 asked for by both: each selects as it was asked for', async () => {
    const { wallet, code } = await coded({ configurationIds: [first.id], scope: second.scope });
    const answer = await wallet.redeem(code);
    expect(answer.json.authorization_details).toEqual([identified(first.id)]);
    const token = accessTokenOf(answer);
    expect(refusalOf(await ask(token, first.id))).toBe('400 invalid_credential_request');
    expect(refusalOf(await ask(token, second.id, 'identifier'))).toBe('400 unknown_credential_identifier');
    expect((await ask(token, second.id)).status).toBe(200);
    expect((await ask(token, first.id, 'identifier')).status).toBe(200);
  });

  it('TOK-06 is less where the token request asks for less; asking for more leaves the code good', async () => {
    const third = await issuer.credential();
    const { wallet, code } = await coded({ configurationIds: [first.id], scope: second.scope });
    for (const authorization_details of [detailsOf(third.id), detailsOf(first.id, third.id), detailsOf(), '{', '[{"type":"x"}]'])
      expect(refusalOf(await wallet.redeem(code, { authorization_details }))).toBe('400 invalid_authorization_details');
    const answer = await wallet.redeem(code, { authorization_details: detailsOf(second.id) });
    expect(answer.json.authorization_details).toEqual([identified(second.id)]);
    const token = accessTokenOf(answer);
    expect(refusalOf(await ask(token, first.id, 'identifier'))).toBe('400 unknown_credential_identifier');
    expect((await ask(token, second.id, 'identifier')).status).toBe(200);
  });
});

describe('TOK-12 a client that authenticates', () => {
  it('is refused without its secret, with a wrong one, by another method, and as another client', async () => {
    const { clientId, basic, wallet } = await authenticating();
    const { code } = await coded({ scope: first.scope }, wallet);
    const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: wallet.verifier };
    const send = (more: Record<string, string>, headers: Record<string, string> = {}) =>
      postForm(tokenUrl(), { ...form, client_id: clientId, ...more }, headers);
    const wrong = await send({}, basic('wrong'));
    expect([refusalOf(wrong), wrong.headers.get('www-authenticate')]).toEqual([
      '401 invalid_client',
      expect.stringMatching(/^Basic /),
    ]);
    const others = [
      await send({}),
      await send({ client_secret: 'x' }),
      await send({ client_assertion: 'a.b.c', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }),
      await send({ client_id: 'other' }, basic('wrong')),
      await send({}, { authorization: 'Basic !!!' }),
      await postForm(
        tokenUrl(),
        { ...form, client_id: 'nobody' },
        { authorization: `Basic ${Buffer.from('nobody:x').toString('base64')}` },
      ),
    ];
    expect(others.map(refusalOf)).toEqual(others.map(() => '401 invalid_client'));
    expect((await wallet.redeem(code)).status).toBe(200);
  });

  it('TOK-19 gets a refresh token without DPoP, for itself alone, unless it is not registered for one', async () => {
    const [one, other] = [await authenticating(), await authenticating()];
    const { code } = await coded({ scope: first.scope }, one.wallet);
    const answer = await one.wallet.redeem(code);
    expect(answer.json.token_type).toBe('Bearer');
    const refreshToken = answer.json.refresh_token as string;
    expect(refusalOf(await other.wallet.refresh(refreshToken))).toBe('400 invalid_grant');
    expect(refusalOf(await issuer.wallet().refresh(refreshToken))).toBe('400 invalid_grant');
    expect((await one.wallet.refresh(refreshToken)).status).toBe(200);
    const without = await authenticating({ grantTypes: ['authorization_code'] });
    const grant = await coded({ scope: first.scope }, without.wallet);
    expect((await without.wallet.redeem(grant.code)).json).not.toHaveProperty('refresh_token');
    expect(refusalOf(await without.wallet.refresh(refreshToken))).toBe('400 unauthorized_client');
  });
});

describe('TOK-19 a refresh token', () => {
  it('is not given to a public client without DPoP', async () => {
    const { wallet, code } = await coded();
    expect((await wallet.redeem(code)).json).not.toHaveProperty('refresh_token');
  });

  it('TOK-09 brings further tokens to its client and key, the same each time, until the issuance is over', async () => {
    const [key, other] = [newKeyPair(), newKeyPair()];
    const { wallet, code } = await coded({ configurationIds: [first.id], scope: second.scope });
    const answer = await wallet.redeem(code, {}, proof(key));
    const refreshToken = answer.json.refresh_token as string;
    const stranger = issuer.wallet();
    const refused: [Promise<Answer>, string][] = [
      [wallet.refresh(refreshToken), '400 invalid_grant'],
      [wallet.refresh(refreshToken, {}, proof(other)), '400 invalid_grant'],
      [stranger.refresh(refreshToken, {}, proof(key)), '400 invalid_grant'],
      [wallet.refresh(`${refreshToken}x`, {}, proof(key)), '400 invalid_grant'],
      [wallet.refresh(refreshToken.slice(0, -4), {}, proof(key)), '400 invalid_grant'],
      [wallet.refresh('', {}, proof(key)), '400 invalid_request'],
      [wallet.refresh(code, {}, proof(key)), '400 invalid_grant'],
      [wallet.redeem(refreshToken, {}, proof(key)), '400 invalid_grant'],
      [wallet.refresh(refreshToken, { authorization_details: detailsOf('x') }, proof(key)), '400 invalid_authorization_details'],
    ];
    for (const [sent, expected] of refused) expect(refusalOf(await sent)).toBe(expected);

    const [one, two] = [await wallet.refresh(refreshToken, {}, proof(key)), await wallet.refresh(refreshToken, {}, proof(key))];
    for (const { status, json, headers } of [one, two]) {
      expect([status, json.token_type, headers.get('cache-control')]).toEqual([200, 'DPoP', 'no-store']);
      expect(json.authorization_details).toEqual(answer.json.authorization_details);
      // It stays the same: none comes, or the same.
      expect([undefined, refreshToken]).toContain(json.refresh_token);
    }
    const narrowed = await wallet.refresh(refreshToken, { authorization_details: detailsOf(first.id) }, proof(key));
    expect(refusalOf(await ask(accessTokenOf(narrowed), second.id, 'identifier', key))).toBe('400 unknown_credential_identifier');

    expect((await ask(accessTokenOf(two), first.id, 'identifier', key)).status).toBe(200);
    const last = await ask(accessTokenOf(answer), second.id, 'configuration', key);
    expect(last.status).toBe(200);
    const { db } = system();
    const id = code.split('.')[0]!;
    await system().temporal.workflow.getHandle(`iss:default:${id}`).cancel();
    await expect.poll(async () => (await db.issuances.findOne({ _id: id }))?.closedAt).toBeDefined();
    expect(refusalOf(await wallet.refresh(refreshToken, {}, proof(key)))).toBe('400 invalid_grant');
  });
});
