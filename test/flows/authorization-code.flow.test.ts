import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useOwnProcesses } from '../harness/use-system.js';
import { CodeIssuer } from './authorization-server.js';
import { answering, notYet, startClaimsSource, type ClaimsSourceServer } from './claims-source-server.js';
import type { CodeWallet } from './code-wallet.js';
import { claimsIn } from './credential-claims.js';
import { HolderBrowser, locationOf } from './holder-browser.js';
import { postJson } from './http-exchange.js';
import { logIn } from './identity-provider.js';
import { credentialsOf, PlainWallet } from './plain-wallet.js';
import { dpopProof, newKeyPair } from './signed-jwt.js';

const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost', CREDENTIAL_DEADLINE_MS: '4000' } });
let issuer: CodeIssuer;
let source: ClaimsSourceServer;

beforeAll(async () => {
  issuer = await CodeIssuer.start(system());
  source = await startClaimsSource();
});
afterAll(async () => {
  await issuer.stop();
  await source.stop();
});

/** Collects with the code that came back, and gives the claims of the credential. */
async function collect(wallet: CodeWallet, code: string, selection: Readonly<Record<string, string>>) {
  const token = await wallet.redeem(code);
  expect([token.status, token.json.token_type]).toEqual([200, 'Bearer']);
  const plain = new PlainWallet(system().url);
  const accessToken = token.json.access_token as string;
  const { proofs } = JSON.parse(await plain.credentialRequest('')) as { proofs: unknown };
  const answer = await plain.requestCredential(accessToken, JSON.stringify({ ...selection, proofs }));
  expect(answer.status).toBe(200);
  expect((await plain.notify(accessToken, answer.json.notification_id as string)).status).toBe(204);
  return { token, claims: claimsIn(credentialsOf(answer)[0]!) };
}

describe('a wallet that begins by itself', () => {
  it('HAP-01 TOK-01 AUT-02 by scope, pushed: gets a credential with the claims of the login', async () => {
    const { id, scope } = await issuer.credential();
    const wallet = issuer.wallet();
    const code = await issuer.code(wallet, { scope });
    const { token, claims } = await collect(wallet, code, { credential_configuration_id: id });
    expect(token.json).not.toHaveProperty('authorization_details');
    expect(claims).toMatchObject({ given_name: 'Ngaio', family_name: 'Holder' });
  });

  it('TOK-01 TOK-08 AUT-02 by authorization_details, not pushed: selects by the identifier it is given', async () => {
    const { id } = await issuer.credential();
    const wallet = issuer.wallet();
    const browser = new HolderBrowser();
    const atProvider = await issuer.agree(browser, wallet.plainUrl({ configurationIds: [id] }));
    const back = locationOf(await browser.get(await logIn(atProvider, 'bruno')));
    const code = wallet.answerIn(back).get('code') ?? '';
    const identifier = `${id}:1`;
    const { token, claims } = await collect(wallet, code, { credential_identifier: identifier });
    expect(token.json.authorization_details).toEqual([
      { type: 'openid_credential', credential_configuration_id: id, credential_identifiers: [identifier] },
    ]);
    expect(claims).toMatchObject({ given_name: 'Bruno' });
  });
});

describe('a wallet that was offered the credential', () => {
  it('OFR-05 HAP-12 comes with the issuer_state of a reusable offer, and any number of holders do', async () => {
    const { id, scope } = await issuer.credential();
    const offer = (await issuer.backend.session.post('/v1/openid/offers', { credentials: [id] })) as { id: string; uri: string };
    const { grants } = JSON.parse(new URL(offer.uri).searchParams.get('credential_offer') ?? '') as {
      grants: { authorization_code: { issuer_state: string } };
    };
    const issuerState = grants.authorization_code.issuer_state;
    for (const account of ['ngaio', 'bruno']) {
      const wallet = issuer.wallet();
      const code = await issuer.code(wallet, { scope, issuerState }, { account });
      await collect(wallet, code, { credential_configuration_id: id });
    }
    await expect
      .poll(() => issuer.backend.session.get(`/v1/openid/offers/${offer.id}`))
      .toMatchObject({ claims: { started: 2, open: 0, issued: 2 } });
  });
});

describe('a deferred credential', () => {
  it('DEF-01 HAP-13 SEC-01 is collected with a refreshed token, bound to the same DPoP key', async () => {
    source.behave(notYet);
    const claimSourceId = await issuer.backend.claimSource({
      name: 'source',
      url: `${source.url}/claims`,
      requestParameters: { email: { mapFrom: 'claims.email' } },
      authorization: { type: 'api-key', value: 'key' },
    });
    const claimMappings = { department: { mapFrom: 'claims.department', required: true } };
    const { id, scope } = await issuer.credential({ claimSourceId, claimMappings });
    const wallet = issuer.wallet();
    const key = newKeyPair();
    const at = (path: string, accessToken?: string) => {
      const url = system().url + path;
      return { dpop: dpopProof({ url, key, ...(accessToken === undefined ? {} : { accessToken }) }) };
    };
    const code = await issuer.code(wallet, { scope });
    const token = await wallet.redeem(code, {}, at('/v1/oauth/token'));
    expect([token.status, token.json.token_type]).toEqual([200, 'DPoP']);
    const send = (path: string, accessToken: string, body: unknown) =>
      postJson(system().url + path, body, { authorization: `DPoP ${accessToken}`, ...at(path, accessToken) });
    const plain = new PlainWallet(system().url);
    const deferred = await send('/v1/openid/credential', token.json.access_token as string, await plain.credentialRequest(id));
    expect(deferred.status).toBe(202);
    const refreshed = await wallet.refresh(token.json.refresh_token as string, {}, at('/v1/oauth/token'));
    expect([refreshed.status, refreshed.json.token_type]).toEqual([200, 'DPoP']);
    source.behave(answering({ department: 'Calibration' }));
    const transaction = { transaction_id: deferred.json.transaction_id };
    const ask = () => send('/v1/openid/deferred-credential', refreshed.json.access_token as string, transaction);
    let answer = await ask();
    await expect
      .poll(
        async () => {
          if (answer.status === 202) answer = await ask();
          return answer.status;
        },
        { timeout: 30_000 },
      )
      .toBe(200);
    expect(claimsIn(credentialsOf(answer)[0]!)).toMatchObject({ department: 'Calibration' });
    expect(source.requests.at(-1)?.query).toEqual({ email: 'ngaio@holders.example' });
  });
});
