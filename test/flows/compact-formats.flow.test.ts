import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { didWebOf } from '../../keys/did-web.js';
import type { PublicJwk } from '../../keys/signer.js';
import { assertionKey } from '../api/management/compact-signing/issuer-did.js';
import { ManagementClient } from '../api/management/management-client.js';
import { usePythonCwt } from '../credentials/cwt/python-cwt.js';
import { useSharedSystem } from '../harness/use-system.js';
import { IssuerBackend } from './issuer-backend.js';
import { credentialsOf, newHolderKey, PlainWallet } from './plain-wallet.js';

const CLAIMS = { given_name: 'Ngaio', birth_year: 1990, address: { locality: 'Wellington' } };
const MAPPINGS = {
  given_name: { mapFrom: 'claims.given_name', required: true },
  birth_year: { mapFrom: 'claims.birth_year' },
  'address.locality': { mapFrom: 'claims.address.locality' },
};

const system = useSharedSystem();
const python = usePythonCwt();
let api: ManagementClient;
let backend: IssuerBackend;
let wallet: PlainWallet;
let jwk: PublicJwk;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  backend = await IssuerBackend.login(system());
  wallet = new PlainWallet(system().url);
  jwk = await assertionKey(system());
});

async function configure(profile: 'compact' | 'compact-semantic', more: object = {}): Promise<{ id: string; type: string }> {
  const type = `Permit-${randomUUID()}`;
  const body = { type, claimMappings: MAPPINGS, expiresIn: { days: 30 }, ...more };
  return { type, id: (await api.create(`/v2/credentials/${profile}/configurations`, body)).id };
}

/** The credential as python-cwt reads it, `nbf` and `exp` held against the clock. */
const read = (encoded: string | undefined) => python.read({ encoded: encoded ?? '', jwk, checkTimes: true });

describe('a wallet with a pre-authorized code', () => {
  it('gets a compact credential without a proof, and the same again when it asks again', async () => {
    const { id, type } = await configure('compact');
    const token = await wallet.token((await backend.offer([id], { claims: CLAIMS })).uri);
    const body = JSON.stringify({ credential_configuration_id: id });
    const answer = await wallet.requestCredential(token, body);
    expect(answer.status).toBe(200);
    const [credential, ...others] = credentialsOf(answer);
    expect(others).toEqual([]);
    const { prefix, claims } = await read(credential);
    expect(prefix).toBe('CSC:/1/');
    expect(claims).toMatchObject({ '#1': didWebOf(system().url), type, ...CLAIMS });
    expect(claims).not.toHaveProperty('#8');
    expect(credentialsOf(await wallet.requestCredential(token, body))).toEqual([credential]);
    expect((await wallet.notify(token, answer.json.notification_id as string)).status).toBe(204);
    const { hex } = claims['#7'] as { hex: string };
    const entries = await system().db.issuedCredentials.find({ configurationId: id }).toArray();
    expect(entries.map(({ credentialId, profile }) => [credentialId.replaceAll('-', ''), profile])).toEqual([[hex, 'compact']]);
  });

  it('gets a semantic compact credential', async () => {
    const { id, type } = await configure('compact-semantic');
    const token = await wallet.token((await backend.offer([id], { claims: CLAIMS })).uri);
    const [credential] = credentialsOf(
      await wallet.requestCredential(token, JSON.stringify({ credential_configuration_id: id })),
    );
    const { prefix, claims } = await read(credential);
    expect(prefix).toBe('CSS:/1/');
    expect(claims.vc).toEqual({
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      version: '1.0.0',
      type: ['VerifiableCredential', type],
      credentialSubject: CLAIMS,
    });
  });

  it('gets one for each of its keys, bound to it, where the configuration asks for that', async () => {
    const { id } = await configure('compact', { holderBinding: true });
    const token = await wallet.token((await backend.offer([id], { claims: CLAIMS })).uri);
    const keys = [newHolderKey(), newHolderKey()];
    const issued = credentialsOf(await wallet.requestCredential(token, await wallet.credentialRequest(id, keys)));
    const bound = await Promise.all(issued.map(async (credential) => (await read(credential)).claims));
    const xOf = (key: string) => Buffer.from(key, 'base64url').toString('hex');
    expect(bound.map(({ '#8': cnf }) => (cnf as { '#1': { '#-2': { hex: string } } })['#1']['#-2'].hex).sort()).toEqual(
      keys.map(({ publicJwk }) => xOf(publicJwk.x)).sort(),
    );
    expect(new Set(bound.map(({ '#7': cti }) => JSON.stringify(cti))).size).toBe(2);
  });

  it('without a proof gets none that has to be bound', async () => {
    const { id } = await configure('compact', { holderBinding: true });
    const token = await wallet.token((await backend.offer([id], { claims: CLAIMS })).uri);
    const answer = await wallet.requestCredential(token, JSON.stringify({ credential_configuration_id: id }));
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid_proof']);
  });

  it('gets several formats of one credential in one session', async () => {
    const [compact, semantic] = [await configure('compact'), await configure('compact-semantic')];
    const sdJwt = await backend.configuration();
    const token = await wallet.token((await backend.offer([compact.id, semantic.id, sdJwt], { claims: CLAIMS })).uri);
    const requests = [
      JSON.stringify({ credential_configuration_id: compact.id }),
      JSON.stringify({ credential_configuration_id: semantic.id }),
      await wallet.credentialRequest(sdJwt),
    ];
    const beginnings: unknown[] = [];
    for (const request of requests)
      beginnings.push(credentialsOf(await wallet.requestCredential(token, request))[0]?.slice(0, 3));
    expect(beginnings).toEqual(['CSC', 'CSS', 'eyJ']);
  });

  it('is told where claims make no credential', async () => {
    const { id } = await configure('compact');
    const token = await wallet.token((await backend.offer([id], { claims: { given_name: 'half a \ud800' } })).uri);
    const answer = await wallet.requestCredential(token, JSON.stringify({ credential_configuration_id: id }));
    expect([answer.status, answer.json.error]).toEqual([400, 'credential_request_denied']);
  });
});
