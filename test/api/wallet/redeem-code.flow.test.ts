import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { preAuthorizedCode } from '../../../api/oauth/pre-authorized-code.js';
import { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import { exchange, postForm, type Exchange } from '../../flows/http-exchange.js';
import { IssuerBackend } from '../../flows/issuer-backend.js';
import { ringOf } from '../../flows/issuer-secrets.js';
import { PlainWallet, type Answer } from '../../flows/plain-wallet.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { refusalOf } from './refusal.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const system = useSharedSystem();
let backend: IssuerBackend;
let wallet: PlainWallet;
let configurationId: string;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
  configurationId = await backend.configuration();
});

const newCode = async () => wallet.codeOf((await backend.offer([configurationId])).uri);
const send = (parameters: Readonly<Record<string, string>>, headers: Exchange['headers'] = {}): Promise<Answer> =>
  postForm(`${system().url}/v1/oauth/token`, { grant_type: GRANT, ...parameters }, headers);

describe('a pre-authorized code', () => {
  it.each([
    ['without a dot', 'A'.repeat(66)],
    ['that is one dot', '.'],
    ['with empty halves', `${'A'.repeat(22)}.`],
    ['of too few characters', 'a.b'],
    ['of three parts', `${'A'.repeat(22)}.${'A'.repeat(43)}.x`],
    ['that is huge', `${'A'.repeat(22)}.${'A'.repeat(50_000)}`],
    ['not in ASCII', `${'ä'.repeat(22)}.${'ß'.repeat(43)}`],
    ['with a NUL', `${'A'.repeat(22)}.${'A'.repeat(42)}\u0000`],
    ['with line breaks', `${'A'.repeat(22)}.${'A'.repeat(43)}\r\nX: y`],
    ['of an unknown session', `${'A'.repeat(22)}.${'A'.repeat(43)}`],
    ['that looks like a query', '{"$gt":""}'],
  ])('TOK-11 %s is not valid', async (_name, code) => {
    expect(refusalOf(await send({ 'pre-authorized_code': code }))).toBe('400 invalid_grant');
  });

  it("TOK-11 with another's secret, a changed one, or the offer's reference, is not valid, and does not cost the code", async () => {
    const { uri } = await backend.offer([configurationId], { credentialOfferMode: 'reference' });
    const reference = new URL(uri).searchParams.get('credential_offer_uri') ?? '';
    const { json } = await exchange(reference);
    const code = wallet.codeOf(`x://?credential_offer=${encodeURIComponent(JSON.stringify(json))}`);
    const [session = '', secret = ''] = code.split('.');
    const [, foreign = ''] = (await newCode()).split('.');
    const changed = secret.startsWith('A') ? `B${secret.slice(1)}` : `A${secret.slice(1)}`;
    const wrong = [`${session}.${foreign}`, `${session}.${changed}`, `${code}A`, reference.slice(reference.lastIndexOf('/') + 1)];
    for (const each of wrong) expect(refusalOf(await send({ 'pre-authorized_code': each })), each).toBe('400 invalid_grant');
    expect((await send({ 'pre-authorized_code': code })).status).toBe(200);
  });

  it('SEC-15 made for another issuer, or by another deployment, is not valid here', async () => {
    const code = await newCode();
    const [sessionId = ''] = code.split('.');
    const { codeKey } = (await system().db.issuances.findOne({ _id: sessionId })) ?? { codeKey: '' };
    const session = { ring: ringOf(system()), issuerId: 'default', sessionId, codeKey };
    expect(preAuthorizedCode(session)).toBe(code);
    const stranger = new KeyEncryptionRing([new Uint8Array(createHash('sha256').update('another key').digest())]);
    const foreign = [
      preAuthorizedCode({ ...session, issuerId: 'other' }),
      preAuthorizedCode({ ...session, ring: stranger, codeKey: stranger.keyNames[0] ?? '' }),
    ];
    for (const each of foreign) expect(refusalOf(await send({ 'pre-authorized_code': each }))).toBe('400 invalid_grant');
    expect((await send({ 'pre-authorized_code': code })).status).toBe(200);
  });

  it('SEC-02 TOK-11 is used up by its first redemption', async () => {
    const code = await newCode();
    expect((await send({ 'pre-authorized_code': code })).status).toBe(200);
    expect(refusalOf(await send({ 'pre-authorized_code': code }))).toBe('400 invalid_grant');
  });

  it.each([
    ['of 5000 characters', '9'.repeat(5000)],
    ['not in ASCII', '１２３４５６'],
    ['with a space', ' 123456'],
    ['with line breaks', '123456\r\n'],
  ])('TOK-11 with a transaction code %s is refused as with any wrong one', async (_name, transactionCode) => {
    const { uri } = await backend.offer([configurationId], { transactionCodeConfiguration: {} });
    const answer = await send({ 'pre-authorized_code': wallet.codeOf(uri), tx_code: transactionCode });
    expect(refusalOf(answer)).toBe('400 invalid_grant');
  });
});

describe('a client that', () => {
  it.each([
    ['has an Authorization header', {}, { authorization: `Basic ${Buffer.from('wallet:secret').toString('base64')}` }],
    ['sends a client_secret', { client_id: 'wallet', client_secret: 'secret' }, {}],
    ['sends a client_assertion', { client_assertion: 'x', client_assertion_type: 'y' }, {}],
    ['has a client_id that is too long', { client_id: 'x'.repeat(513) }, {}],
    ['has a client_id with a line break', { client_id: 'wallet\r\nX-Evil: 1' }, {}],
    ['has a client_id that is not ASCII', { client_id: 'wållet' }, {}],
  ] as const)('TOK-12 %s is refused, and its code stays good', async (_name, parameters, headers) => {
    const code = await newCode();
    const answer = await send({ 'pre-authorized_code': code, ...parameters }, headers);
    expect(refusalOf(answer)).toBe('401 invalid_client');
    if ('authorization' in headers) expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/);
    expect((await send({ 'pre-authorized_code': code })).status).toBe(200);
  });
});
