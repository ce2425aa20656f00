import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import express from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiContext } from '../../../../api/context.js';
import { UnavailableError } from '../../../../api/http/errors.js';
import { errorHandler } from '../../../../api/http/error-handler.js';
import { createSignCompact, createSignCompactSemantic } from '../../../../api/management/compact-signing/sign-compact.js';
import type { StatusFor, WantedStatus } from '../../../../api/management/compact-signing/status-for.js';
import { decodeCompact } from '../../../../credentials/cwt/decode-compact.js';
import { didWebOf } from '../../../../keys/did-web.js';
import { NO_KEY_STORES } from '../../../../keys/key-store.js';
import { IssuerDirectory } from '../../../../store/issuer-directory.js';
import { postJson } from '../../../flows/http-exchange.js';
import { ringOf } from '../../../flows/issuer-secrets.js';
import { useSharedSystem } from '../../../harness/use-system.js';

const URI = 'https://issuer.example/v2/credentials/compact/revocation-lists/1';

const system = useSharedSystem();
let iss: string;
let stop: () => void;
let url: string;
let asked: WantedStatus[] = [];
let statusFor: StatusFor;

/** The endpoints over the system's own database and keys, with status lists of which only the places are known. */
beforeAll(async () => {
  const { db, url: publicUrl } = system();
  iss = didWebOf(publicUrl);
  const context = {
    config: { PUBLIC_URL: publicUrl, REQUEST_MAX_BYTES: 100_000 },
    db,
    directory: new IssuerDirectory({ db }),
    ring: ringOf(system()),
    stores: NO_KEY_STORES,
    now: Date.now,
  } as unknown as ApiContext;
  const app = express();
  app.post(
    '/compact',
    createSignCompact(context, (...wanted) => statusFor(...wanted)),
  );
  app.post(
    '/compact-semantic',
    createSignCompactSemantic(context, (...wanted) => statusFor(...wanted)),
  );
  app.use(errorHandler({ logger: pino({ level: 'silent' }) }));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () => server.close();
});
afterAll(() => {
  stop();
});

beforeEach(() => {
  asked = [];
  statusFor = (_context, wanted) => {
    asked.push(wanted);
    const entry = { listId: randomUUID(), index: 4711 };
    return Promise.resolve({ reference: { mechanism: 'cwt-revocation-list', uri: URI, index: 4711 }, entry });
  };
});

const payloads = {
  compact: () => ({ iss, name: 'Hana Ruru' }),
  'compact-semantic': () => ({ iss, vc: { type: 'Permit', credentialSubject: { name: 'Hana Ruru' } } }),
};

describe.each(['compact', 'compact-semantic'] as const)('a revocable %s credential that is signed directly', (profile) => {
  const sign = (more: object) => postJson(`${url}/${profile}`, { payload: payloads[profile](), ...more });

  it('names its place in a status list, which the ledger remembers', async () => {
    const { status, json } = await sign({ revocable: true });
    expect(status).toBe(200);
    expect((json.decoded as { status: unknown }).status).toEqual({ url: URI, index: 4711 });
    expect(decodeCompact(json.encoded as string).claims.status).toEqual({ url: URI, index: 4711 });
    const entry = await system().db.issuedCredentials.findOne({ credentialId: json.id as string });
    expect(entry?.statuses).toEqual([{ listId: expect.any(String) as string, index: 4711 }]);
    expect(entry?.statusPolicy).toEqual({ suspendable: false, revokeOn: [] });
    expect(asked).toEqual([{ issuerId: 'default', profile, issuerDid: iss, ledgerId: entry?._id, isRevoked: false }]);
  });

  it('may be revoked from the start', async () => {
    await sign({ revocable: true, isRevoked: true });
    await sign({ revocable: true, isRevoked: false });
    expect(asked.map(({ isRevoked }) => isRevoked)).toEqual([true, false]);
  });

  it('takes no place when it is not revocable, nor when it is refused', async () => {
    expect((await sign({})).json.decoded).not.toHaveProperty('status');
    expect((await sign({ revocable: true, payload: { ...payloads[profile](), iss: 'did:web:elsewhere.example' } })).status).toBe(
      400,
    );
    expect(asked).toEqual([]);
  });

  it('is not signed, and not in the ledger, where there is no place for it', async () => {
    statusFor = (_context, wanted) => {
      asked.push(wanted);
      return Promise.reject(new UnavailableError('the status lists are away'));
    };
    const answer = await sign({ revocable: true });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await system().db.issuedCredentials.findOne({ _id: asked[0]!.ledgerId })).toBeNull();
  });
});
