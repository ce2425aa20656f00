import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { didWebOf } from '../../../../keys/did-web.js';
import { LinkedDataVerifier, type PublishedDid } from '../../../credentials/ldp-vc/verifier.js';
import { isRevokedIn, statusIn } from '../../../flows/status-in-credential.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';

const SIGN = '/v2/credentials/web-semantic/sign';
const CONTEXT = `https://issuer.example/contexts/${randomUUID()}`;
const CONTENT = { '@context': { Badge: 'https://issuer.example/Badge', level: 'https://issuer.example/level' } };

const system = useSharedSystem();
let api: ManagementClient;
let verifier: LinkedDataVerifier;
let payload: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  await api.create('/v2/credentials/web-semantic/contexts', { url: CONTEXT, content: CONTENT });
  const did = (await (await fetch(`${system().url}/.well-known/did.json`)).json()) as PublishedDid;
  verifier = new LinkedDataVerifier(did, new Map([[CONTEXT, JSON.stringify(CONTENT)]]));
  payload = {
    '@context': [CONTEXT],
    type: 'Badge',
    name: 'Badge',
    issuer: { id: didWebOf(system().url), name: 'Issuer' },
    credentialSubject: { id: 'did:example:holder', level: 'gold' },
    expirationDate: '2100-01-01T00:00:00Z',
  };
});

const verifies = async (credential: Readonly<Record<string, unknown>>, proofType: string): Promise<boolean> => {
  if (proofType === 'Ed25519Signature2018') return verifier.verifies2018(credential);
  const shown = proofType === 'ecdsa-sd-2023' ? await verifier.disclose(credential, ['/credentialSubject']) : credential;
  return verifier.verifies(shown, { now: new Date() });
};

describe('a JSON-LD credential that is signed directly', () => {
  it.each(['Ed25519Signature2018', 'eddsa-rdfc-2022', 'ecdsa-rdfc-2019', 'ecdsa-sd-2023'])(
    'with %s verifies by the issuer’s DID document',
    async (proofType) => {
      const { status, json } = await api.post(SIGN, { payload, proofType });
      expect(status).toBe(200);
      const credential = json.credential as Readonly<Record<string, unknown>>;
      expect(credential).toMatchObject({ id: `urn:uuid:${json.id as string}`, credentialSubject: { level: 'gold' } });
      expect(await verifies(credential, proofType)).toBe(true);
    },
  );

  it.each(['Ed25519Signature2018', 'eddsa-rdfc-2022'])('with %s is revoked by its id', async (proofType) => {
    const { json } = await api.post(SIGN, { payload, proofType, revocable: true });
    const named = statusIn(json.credential);
    expect(await isRevokedIn(named)).toBe(false);
    const path = `/v2/credentials/web-semantic/${json.id as string}/revocation-status`;
    expect((await api.post(path, { isRevoked: true })).status).toBeLessThan(300);
    await expect.poll(() => isRevokedIn(named), { timeout: 5000 }).toBe(true);
  });

  it('stays readable only where it is to be kept', async () => {
    for (const persist of [true, false]) {
      const { json } = await api.post(SIGN, { payload, persist });
      const read = await api.get(`/v2/credentials/web-semantic/${json.id as string}`);
      expect(read.json.credential).toEqual(persist ? json.credential : undefined);
    }
  });

  it('may have no id', async () => {
    const { json } = await api.post(SIGN, { payload, includeId: false });
    expect(json.credential).not.toHaveProperty('id');
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['another issuer', { issuer: { id: 'did:web:elsewhere.example', name: 'x' } }, 'body payload.issuer.id'],
    ['a context that nobody uploaded', { '@context': ['https://elsewhere.example/c'] }, 'body payload.@context[0]'],
    ['a claim that no context defines', { credentialSubject: { height: 3 } }, 'body payload: has members or types'],
    ['a type that no context defines', { type: 'Medal' }, 'body payload: has members or types'],
    ['an end before its beginning', { issuanceDate: '2101-01-01T00:00:00Z' }, 'body payload.expirationDate'],
    ['a subject of nothing', { credentialSubject: {} }, 'body payload.credentialSubject'],
  ])('is refused for %s', async (_what, change, expected) => {
    const answer = await api.post(SIGN, { payload: { ...payload, ...change } });
    expect(answer.status).toBe(400);
    expect(faultsOf(answer)).toEqual([expect.stringContaining(expected)]);
  });
});
