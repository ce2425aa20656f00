import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { transactionCode } from '../../api/oauth/pre-authorized-code.js';
import { KeyEncryptionRing } from '../../keys/key-encryption.js';
import { ManagementRefusal } from '../../scripts/demo/management-session.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import { useSharedSystem } from '../harness/use-system.js';
import { IssuerBackend } from './issuer-backend.js';
import { credentialsOf, newHolderKey, PlainWallet } from './plain-wallet.js';

const system = useSharedSystem();
let backend: IssuerBackend;
let wallet: PlainWallet;
let configurationId: string;

beforeAll(async () => {
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
  configurationId = await backend.configuration();
});

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

const ledgerOf = (offerId: string) =>
  system().db.issuedCredentials.find({ issuerId: DEFAULT_ISSUER_ID, sessionId: offerId }).toArray();

describe('ten wallets with one code', () => {
  it('OFR-06 SEC-02 exactly one of them gets a token', async () => {
    const { uri } = await backend.offer([configurationId]);
    const code = wallet.codeOf(uri);
    const answers = await times(10, () => wallet.redeem(code));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const losers = answers.filter(({ status }) => status !== 200);
    expect(new Set(losers.map(({ status, json }) => `${status} ${String(json.error)}`))).toEqual(new Set(['400 invalid_grant']));
  });

  it('TOK-11 the code stays used afterwards', async () => {
    const { uri } = await backend.offer([configurationId]);
    await wallet.token(uri);
    const again = await wallet.redeem(wallet.codeOf(uri));
    expect(again.status).toBe(400);
    expect(again.json).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('one credential request sent many times', () => {
  it('CRD-20 ten at once and again later: byte-identical answers, one ledger entry', async () => {
    const { id, uri } = await backend.offer([configurationId]);
    const token = await wallet.token(uri);
    const body = await wallet.credentialRequest(configurationId);
    const answers = await times(10, () => wallet.requestCredential(token, body));
    const later = await wallet.requestCredential(token, body);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(later.status).toBe(200);
    expect(new Set([...answers, later].map(({ text }) => text)).size).toBe(1);
    expect(await ledgerOf(id)).toHaveLength(1);
  });

  it('CRD-12 a batch of keys sent many times keeps one credential for each key', async () => {
    const { id, uri } = await backend.offer([configurationId]);
    const token = await wallet.token(uri);
    const keys = [newHolderKey(), newHolderKey(), newHolderKey()];
    const body = await wallet.credentialRequest(configurationId, keys);
    const answers = await times(5, () => wallet.requestCredential(token, body));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const [answer] = answers;
    expect(answer === undefined ? [] : credentialsOf(answer)).toHaveLength(3);
    expect((await ledgerOf(id)).map(({ count }) => count)).toEqual([3]);
  });

  it('gives a second set of keys nothing more', async () => {
    const { id, uri } = await backend.offer([configurationId]);
    const token = await wallet.token(uri);
    const bodies = await times(5, () => wallet.credentialRequest(configurationId));
    const answers = await Promise.all(bodies.map((body) => wallet.requestCredential(token, body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const losers = answers.filter(({ status }) => status !== 200);
    expect(new Set(losers.map(({ json }) => json.error))).toEqual(new Set(['credential_request_denied']));
    expect(await ledgerOf(id)).toHaveLength(1);
  });

  it('two configurations of one offer are collected at once, each once', async () => {
    const second = await backend.configuration();
    const { id, uri } = await backend.offer([configurationId, second]);
    const token = await wallet.token(uri);
    const bodies = await Promise.all([configurationId, second].map((each) => wallet.credentialRequest(each)));
    const answers = await Promise.all([...bodies, ...bodies].map((body) => wallet.requestCredential(token, body)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(2);
    expect(await ledgerOf(id)).toHaveLength(2);
  });

  it('NOT-03 the same notification ten times at once is ten times accepted', async () => {
    const { uri } = await backend.offer([configurationId]);
    const token = await wallet.token(uri);
    const answer = await wallet.requestCredential(token, await wallet.credentialRequest(configurationId));
    const notificationId = answer.json.notification_id as string;
    const answers = await times(10, () => wallet.notify(token, notificationId));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
  });
});

describe('transaction codes', () => {
  const configured = { transactionCodeConfiguration: { inputMode: 'numeric', description: 'Sent by mail' } };

  /** Codes are random: makes offers until one of them begins with a zero. */
  const offerWithLeadingZero = async () => {
    for (let attempt = 0; attempt < 300; attempt += 1) {
      const offer = await backend.offer([configurationId], { transactionCodeConfiguration: { inputMode: 'numeric', length: 4 } });
      if (offer.transactionCode?.startsWith('0') === true) return offer;
    }
    throw new Error('no transaction code begins with a zero');
  };

  it('TOK-11 leading zeros count: the code is a string', async () => {
    const offer = await offerWithLeadingZero();
    const transactionCodeGiven = offer.transactionCode ?? '';
    expect(transactionCodeGiven).toMatch(/^0\d{3}$/);
    const shortened = await wallet.redeem(wallet.codeOf(offer.uri), String(Number(transactionCodeGiven)));
    expect(shortened.json).toMatchObject({ error: 'invalid_grant' });
    expect((await wallet.redeem(wallet.codeOf(offer.uri), transactionCodeGiven)).status).toBe(200);
  });

  it('TOK-14 SEC-03 three wrong codes sent in parallel end the offer', async () => {
    const { uri, transactionCode: right = '' } = await backend.offer([configurationId], configured);
    const wrong = ['000000', '111111', '222222', '333333'].filter((guess) => guess !== right).slice(0, 3);
    const answers = await Promise.all(wrong.map((guess) => wallet.redeem(wallet.codeOf(uri), guess)));
    expect(answers.map(({ status, json }) => `${status} ${String(json.error)}`)).toEqual(
      Array.from({ length: 3 }, () => '400 invalid_grant'),
    );
    const afterwards = await wallet.redeem(wallet.codeOf(uri), right);
    expect(afterwards.status).toBe(400);
    expect(afterwards.json).toMatchObject({ error: 'invalid_grant' });
  });

  it('TOK-15 two wrong codes do not', async () => {
    const { uri, transactionCode: right = '' } = await backend.offer([configurationId], configured);
    const wrong = ['000000', '111111', '222222'].filter((guess) => guess !== right).slice(0, 2);
    await Promise.all(wrong.map((guess) => wallet.redeem(wallet.codeOf(uri), guess)));
    expect((await wallet.redeem(wallet.codeOf(uri), right)).status).toBe(200);
  });

  it('TOK-14 of twenty guesses at once no more than three are judged', async () => {
    const { uri, transactionCode: right = '' } = await backend.offer([configurationId], configured);
    const guesses = Array.from({ length: 20 }, (_, index) => String(100_000 + index)).filter((guess) => guess !== right);
    const answers = await Promise.all(guesses.map((guess) => wallet.redeem(wallet.codeOf(uri), guess)));
    expect(answers.every(({ status }) => status !== 200)).toBe(true);
    const afterwards = await wallet.redeem(wallet.codeOf(uri), right);
    expect(afterwards.json).toMatchObject({ error: 'invalid_grant' });
  });

  it('TOK-10 a missing or an unexpected code is invalid_request and costs no attempt', async () => {
    const { uri, transactionCode: right = '' } = await backend.offer([configurationId], configured);
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect((await wallet.redeem(wallet.codeOf(uri))).json).toMatchObject({ error: 'invalid_request' });
    }
    expect((await wallet.redeem(wallet.codeOf(uri), right)).status).toBe(200);
    const plain = await backend.offer([configurationId]);
    expect((await wallet.redeem(wallet.codeOf(plain.uri), '123456')).json).toMatchObject({ error: 'invalid_request' });
    expect((await wallet.redeem(wallet.codeOf(plain.uri))).status).toBe(200);
  });

  it('the code given out is the one that is checked, and it is stored nowhere', async () => {
    const { id, transactionCode: given = '' } = await backend.offer([configurationId], configured);
    const document = await system().db.issuances.findOne({ _id: id });
    const ring = new KeyEncryptionRing([new Uint8Array(Buffer.from(system().masterKey, 'base64url'))]);
    const session = { ring, issuerId: DEFAULT_ISSUER_ID, sessionId: id, codeKey: document?.codeKey ?? '' };
    expect(given).toBe(transactionCode(session, { inputMode: 'numeric', length: 6 }));
    expect(JSON.stringify(document)).not.toContain(`"${given}"`);
  });
});

describe('offers made with an Idempotency-Key', () => {
  it('ten at once are one offer', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const offers = await times(10, () => backend.offer([configurationId], {}, key));
    expect(new Set(offers.map((offer) => JSON.stringify(offer))).size).toBe(1);
    const [offer] = offers;
    expect((await wallet.redeem(wallet.codeOf(offer?.uri ?? ''))).status).toBe(200);
  });

  it('another key makes another offer', async () => {
    const [one, other] = await times(2, () => backend.offer([configurationId], {}, { 'idempotency-key': randomUUID() }));
    expect(one?.id).not.toBe(other?.id);
  });

  it('the same key with another body is refused', async () => {
    const key = { 'idempotency-key': randomUUID() };
    await backend.offer([configurationId], {}, key);
    const refusal = await backend
      .offer([configurationId], { claims: { given_name: 'Another' } }, key)
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ManagementRefusal);
    expect((refusal as ManagementRefusal).status).toBeGreaterThanOrEqual(400);
    expect((refusal as ManagementRefusal).status).toBeLessThan(500);
  });
});
