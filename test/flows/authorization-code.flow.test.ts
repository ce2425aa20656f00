import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useOwnSystem } from '../harness/use-system.js';
import { CodeIssuer } from './authorization-server.js';
import { credentialsOf, PlainWallet } from './plain-wallet.js';
import { claimsIn } from './credential-claims.js';

const system = useOwnSystem({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost' } });
let issuer: CodeIssuer;

beforeAll(async () => {
  issuer = await CodeIssuer.start(system());
});
afterAll(() => issuer.stop());

describe('a wallet that begins by itself', () => {
  it('by scope, pushed: gets a credential with the claims of the login', async () => {
    const { id, scope } = await issuer.credential();
    const wallet = issuer.wallet();
    const token = await wallet.redeem(await issuer.code(wallet, { scope }));
    expect([token.status, token.json.token_type]).toEqual([200, 'Bearer']);
    expect(token.json).not.toHaveProperty('authorization_details');
    const plain = new PlainWallet(system().url);
    const accessToken = token.json.access_token as string;
    const answer = await plain.requestCredential(accessToken, await plain.credentialRequest(id));
    expect(answer.status).toBe(200);
    expect(claimsIn(credentialsOf(answer)[0]!)).toMatchObject({ given_name: 'Ngaio', family_name: 'Holder' });
    expect((await plain.notify(accessToken, answer.json.notification_id as string)).status).toBe(204);
  });
});
