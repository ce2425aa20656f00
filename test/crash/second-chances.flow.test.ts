import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../api/issuance-client.js';
import type { ServerProcess } from '../../scripts/engines/server-process.js';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import { answering, notYet, startClaimsSource, type ClaimsSourceServer } from '../flows/claims-source-server.js';
import { exchange } from '../flows/http-exchange.js';
import { IssuerBackend } from '../flows/issuer-backend.js';
import { credentialsOf, PlainWallet, type Answer } from '../flows/plain-wallet.js';
import { useOwnSystem } from '../harness/use-system.js';
import { startFaultServer, type Hold } from './fault-server.js';
import { retried, type Attempt } from './plain-retry.js';

const faults = await startFaultServer();

const system = useOwnSystem({
  env: {
    FAULT_POINT: faults.setting,
    OUTBOUND_ALLOWED_HOSTS: 'localhost',
    CREDENTIAL_DEADLINE_MS: '2000',
    DEFERRED_INTERVAL_SECONDS: '1',
    PURGE_AFTER_SECONDS: '1',
  },
});

let source: ClaimsSourceServer;
let backend: IssuerBackend;
let wallet: PlainWallet;
let configurationId: string;
let secondApi: ServerProcess;
let secondWallet: PlainWallet;

beforeAll(async () => {
  source = await startClaimsSource();
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
  configurationId = await backend.configuration();
  // Its tokens are over so soon that a test can wait for what follows.
  secondApi = await system().startAnotherApi({ ACCESS_TOKEN_SECONDS: '10' });
  secondWallet = new PlainWallet(system().url, { at: secondApi.url });
});
afterAll(async () => {
  faults.stop();
  await source.stop();
});

const ledgerOf = (sessionId: string) => system().db.issuedCredentials.find({ issuerId: DEFAULT_ISSUER_ID, sessionId }).toArray();

const resultOf = (sessionId: string): Promise<unknown> =>
  system()
    .temporal.workflow.getHandle(workflowIdOf({ issuerId: DEFAULT_ISSUER_ID, sessionId }))
    .result();

describe('a token whose answer arrived right before its API process died', () => {
  it('TOK-11 is good, or else the one that the code is redeemed for again: never both', async () => {
    const { api } = system();
    const { id, uri } = await backend.offer([configurationId]);
    const code = wallet.codeOf(uri);
    await api.kill('SIGKILL');
    await api.start({ env: { FAULT_POINT: 'token.answered' } });
    const first = await wallet.redeem(code).catch(() => undefined);
    await api.exited();
    await api.start();
    const second = await wallet.redeem(code);
    const answers: Answer[] = [];
    for (const token of [first, second].map((answer) => answer?.json.access_token)) {
      if (typeof token === 'string')
        answers.push(await wallet.requestCredential(token, await wallet.credentialRequest(configurationId)));
    }
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 200).every(({ json }) => json.error === 'invalid_token')).toBe(true);
    expect(await ledgerOf(id)).toHaveLength(1);
  });
});

describe('a credential that was made right before its worker died', () => {
  it('is delivered although its configuration was deleted meanwhile', async () => {
    const { worker, url } = system();
    const claimSourceId = await backend.claimSource({
      name: 'HR system',
      url: source.url,
      requestMethod: 'GET',
      requestParameters: {},
      authorization: { type: 'api-key', value: 'a-key-for-the-claims-source' },
    });
    const doomedId = await backend.configuration({ claimSourceId });
    source.behave(notYet);
    const { id, uri } = await backend.offer([doomedId]);
    const token = await wallet.token(uri);
    const answer = await wallet.requestCredential(token, await wallet.credentialRequest(doomedId));
    expect(answer.status).toBe(202);

    const hold = faults.arm('issue-credential.stored');
    source.behave(answering({}));
    await hold.reached;
    await worker.kill('SIGKILL');
    const headers = { authorization: `Bearer ${backend.session.token}` };
    const deleted = await exchange(`${url}/v2/credentials/sd-jwt/configurations/${doomedId}`, { method: 'DELETE', headers });
    expect(deleted.status).toBe(204);
    await worker.start();

    const delivered = await wallet.untilDelivered(token, answer.json.transaction_id as string);
    expect(credentialsOf(delivered)).toHaveLength(1);
    expect((await wallet.notify(token, delivered.json.notification_id as string)).status).toBe(204);
    await expect(resultOf(id)).resolves.toMatchObject({ outcome: 'accepted' });
    const ledger = await ledgerOf(id);
    expect(ledger).toHaveLength(1);
    expect(ledger[0]).not.toHaveProperty('sealed');
  });
});

describe('after the death of one of two API processes', () => {
  const unconfirmed: string[] = [];
  let purges: readonly Hold[];

  // What is waited for here, the certainty of the death and the purge, takes ten seconds each: at the same time.
  beforeAll(async () => {
    for (let count = 0; count < 2; count += 1) {
      const { id, uri } = await backend.offer([configurationId]);
      const token = await secondWallet.token(uri);
      const answer = await secondWallet.requestCredential(token, await secondWallet.credentialRequest(configurationId));
      expect(credentialsOf(answer)).toHaveLength(1);
      unconfirmed.push(id);
    }
    purges = [faults.arm('close-issuance.start'), faults.arm('close-issuance.erased')];
  });

  it('TOK-11 a token whose answer was lost with it comes from the other one as soon as the death is certain, and only once', async () => {
    const { api } = system();
    const { id, uri } = await backend.offer([configurationId]);
    const code = wallet.codeOf(uri);
    const hold = faults.arm('token.redeemed');
    const lost = wallet.redeem(code).catch(() => undefined);
    await hold.reached;
    await api.kill('SIGKILL');
    expect(await lost).toBeUndefined();

    const attempts: Attempt[] = [];
    const answer = await retried('token', attempts, () => secondWallet.redeem(code));
    // At first the process might only have been slow.
    expect(attempts[0]?.status).toBe(503);
    expect(answer.status).toBe(200);
    expect((await secondWallet.redeem(code)).json).toMatchObject({ error: 'invalid_grant' });
    const token = answer.json.access_token as string;
    const body = await secondWallet.credentialRequest(configurationId);
    expect(credentialsOf(await secondWallet.requestCredential(token, body))).toHaveLength(1);
    expect(await ledgerOf(id)).toHaveLength(1);
  });

  it('credentials that nobody confirmed are purged, even if everything else is killed in the middle of it', async () => {
    const { api, worker, temporalServer, mongoServer, db } = system();
    await Promise.all(purges.map(({ reached }) => reached));
    await Promise.all([secondApi, worker, temporalServer, mongoServer].map((child) => child.kill('SIGKILL')));
    for (const purge of purges) purge.release();
    await Promise.all([api, worker, temporalServer, mongoServer].map((child) => child.start()));

    for (const id of unconfirmed) {
      await expect(resultOf(id)).resolves.toEqual({ outcome: 'issued_unacknowledged', issuedCount: 1 });
      const record = await db.issuances.findOne({ _id: id });
      expect(record).toMatchObject({ outcome: 'issued_unacknowledged' });
      expect(record).not.toHaveProperty('claims');
      expect((await ledgerOf(id)).map(({ count, sealed }) => ({ count, sealed }))).toEqual([{ count: 1, sealed: undefined }]);
    }
  });
});
