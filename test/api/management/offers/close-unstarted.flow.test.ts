import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeUnstartedOffers } from '../../../../api/management/offers/close-unstarted.js';
import { connectTemporal, type TemporalClient } from '../../../../api/temporal-client.js';
import { createTemporalIssuanceClient } from '../../../../api/temporal-issuance-client.js';
import { loadConfig } from '../../../../config/config.js';
import { KeyEncryptionRing } from '../../../../keys/key-encryption.js';
import { HOLDER_DATA } from '../../../../store/holder-data.js';
import { DEFAULT_ISSUER_ID } from '../../../../store/issuer-directory.js';
import { takePlace } from '../../../../store/offer-claims.js';
import { createDataConverter } from '../../../../worker/data-converter.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { IssuerBackend } from '../../../flows/issuer-backend.js';

const system = useSharedSystem();
let temporal: TemporalClient;
let issuances: ReturnType<typeof createTemporalIssuanceClient>;
let backend: IssuerBackend;
let configurationId: string;

beforeAll(async () => {
  const { masterKey, temporalAddress, namespace } = system();
  const config = loadConfig({
    env: { MASTER_KEY: masterKey, TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: namespace },
    hostname: 'test',
  });
  temporal = connectTemporal({ config, dataConverter: createDataConverter(new KeyEncryptionRing([config.MASTER_KEY])) });
  issuances = createTemporalIssuanceClient({ config, temporal });
  backend = await IssuerBackend.login(system());
  configurationId = await backend.configuration();
});
afterAll(() => temporal.close());

/** What a process leaves that dies between storing an offer and starting its issuance: a copy of an offer's record under an id of its own. */
async function leftBehind({ ageMs }: { ageMs: number }): Promise<string> {
  const { db } = system();
  const { id } = await backend.offer([configurationId]);
  const record = await db.issuances.findOne({ _id: id });
  if (record === null) throw new Error('the offer has no record');
  const orphan = randomBytes(16).toString('base64url');
  const createdAt = new Date(Date.now() - ageMs);
  await db.issuances.insertOne({ ...record, _id: orphan, createdAt, expiresAt: new Date(createdAt.getTime() + 1000) });
  return orphan;
}

const tidy = () => closeUnstartedOffers({ db: system().db, issuances, now: Date.now });
const recordOf = (id: string) => system().db.issuances.findOne({ _id: id });

describe('an offer whose issuance never started', () => {
  it('is closed as expired once it is old enough, and its claims are erased', async () => {
    const orphan = await leftBehind({ ageMs: 3_600_000 });
    expect((await recordOf(orphan))?.claims).toBeDefined();
    expect(await tidy()).toBeGreaterThan(0);
    const record = await recordOf(orphan);
    expect(record).toMatchObject({ outcome: 'expired', closedAt: expect.any(Date) as Date });
    expect(record).not.toHaveProperty('claims');
  });

  it('is left alone while its creation may still be under way', async () => {
    const young = await leftBehind({ ageMs: 60_000 });
    await tidy();
    expect(await recordOf(young)).not.toHaveProperty('closedAt');
  });
});

describe('an offer whose issuance runs', () => {
  it('is left to its workflow, however old it is', async () => {
    const { id } = await backend.offer([configurationId]);
    const longAgo = new Date(Date.now() - 86_400_000);
    await system().db.issuances.updateOne({ _id: id }, { $set: { createdAt: longAgo, expiresAt: longAgo } });
    await tidy();
    expect(await recordOf(id)).not.toHaveProperty('closedAt');
  });
});

describe('a session of a reusable offer that never started', () => {
  it('is closed, forgets its holder, and gives its place among the offer’s claims to others', async () => {
    const { db } = system();
    const { id } = (await backend.session.post('/v1/openid/offers', { credentials: [configurationId], maximumClaims: 1 })) as {
      id: string;
    };
    const orphan = await leftBehind({ ageMs: 3_600_000 });
    const claims = (await recordOf(orphan))?.claims;
    if (claims === undefined) throw new Error('the record has no claims');
    const sealed = { evidenceHash: 'login', sealed: claims };
    await db.issuances.updateOne(
      { _id: orphan, issuerId: DEFAULT_ISSUER_ID },
      {
        $set: {
          grantType: 'authorization_code',
          offerId: id,
          authorization: sealed.sealed,
          authentication: sealed,
          interaction: sealed,
          approval: sealed,
        },
      },
    );
    const place = { db, issuerId: DEFAULT_ISSUER_ID, offerId: id, maximumClaims: 1 };
    expect(await takePlace({ ...place, sessionId: orphan })).toBe(true);
    expect(await takePlace({ ...place, sessionId: 'somebody-else' })).toBe(false);
    await tidy();
    const record = await recordOf(orphan);
    expect(record).toMatchObject({ outcome: 'expired', closedAt: expect.any(Date) as Date });
    for (const name of Object.keys(HOLDER_DATA)) expect(record).not.toHaveProperty(name);
    expect(await takePlace({ ...place, sessionId: 'somebody-else' })).toBe(true);
  });
});
