import { beforeAll, describe, expect, it } from 'vitest';
import { didWebOf } from '../../../../keys/did-web.js';
import { signCompact } from '../../../../credentials/cwt/sign-compact.js';
import { credentialSigners, type AssertionSigner } from '../../../../keys/credential-signers.js';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../../../store/issuer-directory.js';
import { CREDENTIAL_ID, assertionOf } from '../../../credentials/cwt/test-compact.js';
import { ringOf } from '../../../flows/issuer-secrets.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';
import { readQrCode } from '../offers/qr-code.js';

const system = useSharedSystem();
let api: ManagementClient;
let iss: string;
let own: AssertionSigner;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  iss = didWebOf(system().url);
  const records = await new IssuerDirectory({ db: system().db }).get(DEFAULT_ISSUER_ID);
  own = credentialSigners({ records, access: { ring: ringOf(system()) }, issuerDid: iss }).assertion('ES256');
});

type Profile = 'compact' | 'compact-semantic';
const pathOf = (profile: Profile) => `/v2/credentials/${profile}/qrcode`;

async function newCredential(profile: Profile = 'compact', claims: object = { name: 'Hana Ruru' }): Promise<string> {
  const payload = profile === 'compact' ? { iss, ...claims } : { iss, vc: { credentialSubject: claims } };
  return (await api.create(`/v2/credentials/${profile}/sign`, { payload })).encoded as string;
}

/** The picture, which must be one, as bytes. */
async function draw(body: object, profile: Profile = 'compact'): Promise<{ readonly headers: Headers; readonly png: Buffer }> {
  const response = await fetch(system().url + pathOf(profile), {
    method: 'POST',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(40_000),
  });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return { headers: response.headers, png: Buffer.from(await response.arrayBuffer()) };
}

const readPicture = (png: Buffer) => readQrCode(`data:image/png;base64,${png.toString('base64')}`);
const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];

describe.each(['compact', 'compact-semantic'] as const)('POST /v2/credentials/%s/qrcode', (profile) => {
  it('draws the credential, so that a camera reads exactly it', async () => {
    const payload = await newCredential(profile);
    const { headers, png } = await draw({ payload }, profile);
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual(['image/png', 'no-store']);
    expect(readPicture(png)).toBe(payload);
  });

  it('refuses a credential of the other kind', async () => {
    const other = profile === 'compact' ? 'compact-semantic' : 'compact';
    const prefix = profile === 'compact' ? 'CSC:/1/' : 'CSS:/1/';
    expect(faultsOf(await api.post(pathOf(profile), { payload: await newCredential(other) }))).toEqual([
      `body payload: must begin with ${prefix}`,
    ]);
  });
});

describe('a QR code of a compact credential', () => {
  const refusals = async (body: object) => faultsOf(await api.post(pathOf('compact'), body));

  it('is as wide as is asked for', async () => {
    const payload = await newCredential();
    expect(sizeOf((await draw({ payload, width: 333 })).png)).toEqual([333, 333]);
    const modules = sizeOf((await draw({ payload })).png)[0]! / 4;
    const small = await draw({ payload, width: modules });
    expect(sizeOf(small.png)).toEqual([modules, modules]);
    expect(readPicture(small.png)).toBe(payload);
    expect(await refusals({ payload, width: modules - 1 })).toEqual([
      `body width: must be at least ${modules} pixels for this credential`,
    ]);
    for (const width of [0, 1001, 10.5, '100'])
      expect(await refusals({ payload, width })).toEqual([expect.stringMatching(/^body width/)]);
  });

  it('is there for the largest that fits, and for none larger', async () => {
    const payload = await newCredential('compact', { name: 'x'.repeat(2400) });
    expect(readPicture((await draw({ payload })).png)).toBe(payload);
    expect(await refusals({ payload: await newCredential('compact', { name: 'x'.repeat(2700) }) })).toEqual([
      'body payload: is longer than the 4296 characters that a QR code holds',
    ]);
  });

  it('is there for none that was changed, and none that somebody else signed', async () => {
    const payload = await newCredential();
    const changed = `${payload.slice(0, -3)}${payload.at(-3) === 'A' ? 'B' : 'A'}${payload.slice(-2)}`;
    const claims = { iss, jti: CREDENTIAL_ID };
    const foreign = [
      assertionOf(undefined, iss),
      { ...assertionOf(), did: iss, verificationMethod: own.verificationMethod },
      assertionOf(own.signer, 'did:web:elsewhere.example'),
    ];
    const signed = await Promise.all(
      foreign.map((assertion) => signCompact({ profile: 'compact', claims: { ...claims, iss: assertion.did }, assertion })),
    );
    for (const text of [changed, ...signed.map(({ encoded }) => encoded)])
      expect(await refusals({ payload: text })).toEqual(['body payload: was not signed by this issuer']);
  });

  it('is there for none that has expired', async () => {
    const exp = Math.floor(Date.now() / 1000) - 1;
    const sign = (end: number) =>
      signCompact({ profile: 'compact', claims: { iss, jti: CREDENTIAL_ID, exp: end }, assertion: own });
    expect(await refusals({ payload: (await sign(exp)).encoded })).toEqual(['body payload: has expired']);
    expect(sizeOf((await draw({ payload: (await sign(exp + 3600)).encoded })).png)[0]).toBeGreaterThan(100);
  });

  it.each<[string, object, string]>([
    ['nothing', {}, 'body payload: is required'],
    ['a number', { payload: 7 }, 'body payload'],
    ['anything else', { payload: 'CSC:/1/HELLO' }, 'body payload: is not'],
    ['another member', { payload: 'CSC:/1/', format: 'svg' }, 'body format: is not a known member'],
  ])('is not there for %s', async (_what, body, expected) => {
    expect(await refusals(body)).toEqual([expect.stringContaining(expected)]);
  });

  it('is drawn for administrators and issuers, and noted in the event log by the id of the credential', async () => {
    const payload = await newCredential();
    const requestId = `qr-${CREDENTIAL_ID}-${payload.slice(-12)}`;
    expect((await (await ManagementClient.withRoles(system(), 'auditor')).post(pathOf('compact'), {})).status).toBe(403);
    expect((await api.post(pathOf('compact'), { payload }, { 'x-request-id': requestId })).status).toBe(200);
    const types = async () =>
      ((await api.get(`/v1/events?requestIds=${requestId}`)).json.data as { type: string }[]).map(({ type }) => type).sort();
    await expect.poll(types).toEqual(['CREDENTIAL_COMPACT_QRCODE_CREATE_START', 'CREDENTIAL_COMPACT_QRCODE_CREATE_SUCCESS']);
  });
});
