import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../api/issuance-client.js';
import type { PublicJwk } from '../../keys/signer.js';
import type { SigningKeyDocument } from '../../store/documents.js';
import { ISSUANCE_PROBLEM } from '../../workflows/search-attributes.js';
import { claimsIn } from '../flows/credential-claims.js';
import { IssuerBackend, PERSON, type Offer } from '../flows/issuer-backend.js';
import { credentialsOf, PlainWallet, type Answer } from '../flows/plain-wallet.js';
import { useOwnSystem } from '../harness/use-system.js';
import { SoftHsm, softHsmMissing } from '../keys/stores/soft-hsm.js';
import { verifiesWith } from '../keys/stores/verifies-with.js';

const HOLDERS = 3;
const PATIENCE = { timeout: 30_000, interval: 250 };

/** A holder whose wallet has asked for a credential. */
interface Holder {
  readonly offer: Offer;
  readonly token: string;
  readonly answer: Answer;
}

describe.skipIf(softHsmMissing !== undefined)(
  `Keys in an HSM${softHsmMissing === undefined ? '' : ` (${softHsmMissing})`}`,
  () => {
    const hsm = softHsmMissing === undefined ? new SoftHsm() : undefined;
    const system = useOwnSystem({
      env: {
        ...hsm?.settings,
        KEY_STORES_FOR: 'credential-signing=pkcs11',
        STUCK_AFTER_SECONDS: '1',
        CREDENTIAL_DEADLINE_MS: '4000',
        DEFERRED_INTERVAL_SECONDS: '1',
      },
    });
    let backend: IssuerBackend;
    let wallet: PlainWallet;
    let configurationId: string;
    let key: SigningKeyDocument;

    const inVisibility = async (query: string): Promise<string[]> => {
      const ids: string[] = [];
      for await (const { workflowId } of system().temporal.workflow.list({ query })) ids.push(workflowId);
      return ids.sort();
    };
    const workflowOf = ({ id }: Offer) => workflowIdOf({ issuerId: 'default', sessionId: id });

    async function redeemed(): Promise<Pick<Holder, 'offer' | 'token'>> {
      const offer = await backend.offer([configurationId], { expiresIn: { minutes: 5 } });
      return { offer, token: await wallet.token(offer.uri) };
    }

    async function request({ offer, token }: Pick<Holder, 'offer' | 'token'>): Promise<Holder> {
      const body = await wallet.credentialRequest(configurationId);
      return { offer, token, answer: await wallet.requestCredential(token, body) };
    }

    /** Whether a credential is signed by the certified key that is in the token. */
    function isSignedInHsm(credential: string): boolean {
      const [header = '', payload = '', signature = ''] = (credential.split('~')[0] ?? '').split('.');
      const { x5c } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { x5c: string[] };
      const { x, y } = new X509Certificate(Buffer.from(x5c[0] ?? '', 'base64')).publicKey.export({ format: 'jwk' });
      const signed = new TextEncoder().encode(`${header}.${payload}`);
      const certified = { kty: 'EC', crv: 'P-256', x, y } as PublicJwk;
      expect(certified).toEqual(key.publicJwk);
      return verifiesWith(certified, signed, Buffer.from(signature, 'base64url'));
    }

    beforeAll(async () => {
      backend = await IssuerBackend.login(system());
      wallet = new PlainWallet(system().url);
      configurationId = await backend.configuration();
      key = (await system().db.signingKeys.findOne({ _id: 'default/credential-signing/1' }))!;
    });
    afterAll(() => hsm?.remove());

    it('the key that is configured for it is made in the HSM, and the others here', async () => {
      expect(key.remote).toEqual({
        store: 'pkcs11',
        key: expect.stringMatching(/^chancery-default-credential-signing-1-/) as string,
      });
      expect(key).not.toHaveProperty('privateKey');
      const others = await system()
        .db.signingKeys.find({ _id: { $ne: key._id } })
        .toArray();
      expect(others.length).toBeGreaterThan(1);
      for (const other of others) expect(other).toMatchObject({ privateKey: expect.anything() as unknown });
    });

    describe('an issuance', () => {
      let holder: Holder;
      beforeAll(async () => {
        holder = await request(await redeemed());
      });

      it('is signed there', () => {
        expect(holder.answer.status).toBe(200);
        const [credential = ''] = credentialsOf(holder.answer);
        expect(claimsIn(credential)).toMatchObject({ given_name: PERSON.given_name });
        expect(isSignedInHsm(credential)).toBe(true);
      });

      it('goes through the task queue of those who call key stores, and nothing else does', async () => {
        const { events } = await system().temporal.workflow.getHandle(workflowOf(holder.offer)).fetchHistory();
        const queues = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
          scheduled === null || scheduled === undefined ? [] : [[scheduled.activityType?.name, scheduled.taskQueue?.name]],
        );
        expect(queues).toEqual([['issueCredential', 'chancery-signers']]);
      });
    });

    describe('while the HSM is pulled out', () => {
      let holders: readonly Holder[];
      let late: Pick<Holder, 'offer' | 'token'>;

      beforeAll(async () => {
        const waiting = await Promise.all(Array.from({ length: HOLDERS }, redeemed));
        hsm?.pullOut();
        holders = await Promise.all(waiting.map(request));
      });

      it('wallets are told to come again, each with a transaction of its own', () => {
        expect(holders.map(({ answer }) => answer.status)).toEqual(holders.map(() => 202));
        expect(new Set(holders.map(({ answer }) => answer.json.transaction_id)).size).toBe(HOLDERS);
      });

      it('operators see exactly those issuances, stuck at the signer', async () => {
        const stuck = () => inVisibility(`ExecutionStatus = "Running" AND ${ISSUANCE_PROBLEM.name} = "stuck:signer"`);
        await expect.poll(stuck, PATIENCE).toEqual(holders.map(({ offer }) => workflowOf(offer)).sort());
      });

      it('and the step that signs, tried again and again; the PIN is in no log', async () => {
        const { raw } = await system().temporal.workflow.getHandle(workflowOf(holders[0]!.offer)).describe();
        const [pending] = raw.pendingActivities ?? [];
        expect(pending?.activityType?.name).toBe('issueCredential');
        expect(pending?.attempt).toBeGreaterThan(1);
        expect(system().logs()).not.toContain(hsm?.pin);
      });

      it('both processes start again, and new offers are made and redeemed', async () => {
        const { api, worker } = system();
        await Promise.all([api.kill('SIGKILL'), worker.kill('SIGKILL')]);
        await Promise.all([api.start(), worker.start()]);
        late = await redeemed();
      });

      it('when it is back, every holder gets the credential, and nobody is asked to do anything', async () => {
        hsm?.plugIn();
        const delivered = await Promise.all(
          holders.map(({ token, answer }) => wallet.untilDelivered(token, answer.json.transaction_id as string)),
        );
        expect(delivered.map(({ status }) => status)).toEqual(holders.map(() => 200));
        for (const answer of delivered) expect(credentialsOf(answer).map(isSignedInHsm)).toEqual([true]);
        const notified = delivered.map((answer, at) => wallet.notify(holders[at]!.token, answer.json.notification_id as string));
        expect((await Promise.all(notified)).map(({ status }) => status)).toEqual(holders.map(() => 204));
      });

      it('and nothing is shown as a problem any more; each issuance made one credential', async () => {
        await expect.poll(() => inVisibility(`${ISSUANCE_PROBLEM.name} IS NOT NULL`), PATIENCE).toEqual([]);
        const accepted = () => inVisibility(`IssuanceOutcome = "accepted"`);
        await expect.poll(accepted, PATIENCE).toEqual(holders.map(({ offer }) => workflowOf(offer)).sort());
        for (const { offer } of holders)
          expect(await system().db.issuedCredentials.countDocuments({ sessionId: offer.id })).toBe(1);
      });

      it('who redeemed an offer meanwhile is served as well', async () => {
        const { token, answer } = await request(late);
        const delivered =
          answer.status === 202 ? await wallet.untilDelivered(token, answer.json.transaction_id as string) : answer;
        expect(credentialsOf(delivered).map(isSignedInHsm)).toEqual([true]);
      });
    });
  },
);
