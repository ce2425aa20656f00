import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { certifiedSigner } from '../../../../keys/credential-signers.js';
import { DEFAULT_ISSUER_ID } from '../../../../store/issuer-directory.js';
import { exchange } from '../../../flows/http-exchange.js';
import { useOwnProcesses } from '../../../harness/use-system.js';
import { openssl, OpensslAuthority } from '../../../keys/openssl-authority.js';
import { OpenApiDescription } from '../../http/openapi-description.js';
import { faultsOf, ManagementClient, placesOf } from '../management-client.js';

const IACAS = '/v2/credentials/mobile/iacas';
const RESOURCES = [
  ['/v2/credentials/mobile/document-signers', 'document-signer'],
  ['/v2/credentials/mobile/status-list-signers', 'mobile-status-signer'],
] as const;
const YEAR_MS = 365.25 * 86_400_000;

interface Iaca {
  readonly id: string;
  readonly active: boolean;
  readonly certificatePem: string;
  readonly certificateData: Readonly<Record<string, string>>;
}
interface Signer {
  readonly id: string;
  readonly iacaId: string;
  readonly active: boolean;
  readonly certificatePem: string;
  readonly revokedAt?: string;
}

const system = useOwnProcesses();
const files = new OpensslAuthority();
afterAll(() => files.remove());
let api: ManagementClient;
let description: OpenApiDescription;
beforeAll(async () => {
  api = await ManagementClient.admin(system());
  description = new OpenApiDescription((await exchange(`${system().url}/openapi.json`)).json);
});
beforeEach(async () => {
  for (const { id } of await all<Iaca>(IACAS)) {
    await api.put(`${IACAS}/${id}`, { active: false });
    expect((await api.delete(`${IACAS}/${id}`)).status).toBe(204);
  }
});

const all = async <T>(path: string): Promise<T[]> => (await api.pages<T>(path, { limit: '2' })).flat();
const create = async (body: unknown = {}): Promise<Iaca> => (await api.create(IACAS, body)) as unknown as Iaca;
const signersOf = async (path: string, { id }: Iaca): Promise<Signer[]> =>
  (await all<Signer>(path)).filter(({ iacaId }) => iacaId === id);

/** Calls an operation, and holds request and answer against the API's description. */
async function call(method: string, path: string, body?: unknown) {
  const answer = await api.call(method, path, body === undefined ? {} : { body });
  expect(description.faultsOfAnswer(method, path, answer), answer.text).toEqual([]);
  if (answer.status < 300 && body !== undefined) expect(description.faultsOfRequest(method, path, body)).toEqual([]);
  return answer;
}

/** What openssl says of a certificate under an IACA with the revocation list that is served where its own certificate says. */
async function verify(iaca: Iaca, certificatePem: string): Promise<string> {
  const url = /URI:(http\S+\/crl)/.exec(openssl('x509', '-in', files.write(certificatePem), '-noout', '-text'))![1]!;
  const served = Buffer.from(await (await fetch(url)).arrayBuffer());
  const crl = files.write(openssl('crl', '-inform', 'DER', '-in', files.write(served)));
  const options = ['-x509_strict', '-crl_check', '-CAfile', files.write(iaca.certificatePem), '-CRLfile', crl];
  try {
    return openssl('verify', ...options, files.write(certificatePem))
      .replace(/.*: /s, '')
      .trim();
  } catch (error) {
    return /error \d+ at .*: (.*)/.exec((error as { stderr: string }).stderr)?.[1] ?? 'refused';
  }
}

describe('a managed IACA', () => {
  it('is created with 201, inactive, with the members of product.md 11.1 and no more', async () => {
    const created = await call('POST', IACAS, {});
    expect(created.status).toBe(201);
    const host = new URL(system().url).hostname;
    expect(created.json).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      active: false,
      certificatePem: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\n/) as string,
      certificateData: {
        notBefore: expect.stringMatching(/Z$/) as string,
        notAfter: expect.stringMatching(/Z$/) as string,
        country: 'NZ',
        commonName: `${host} IACA`,
      },
      certificateFingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      isManaged: true,
    });
    const { id, certificatePem, certificateData, certificateFingerprint } = created.json as unknown as Iaca & {
      certificateFingerprint: string;
    };
    const shown = openssl('x509', '-in', files.write(certificatePem), '-noout', '-fingerprint', '-sha256');
    expect(shown.trim().replaceAll(':', '').toLowerCase()).toContain(certificateFingerprint);
    const life = Date.parse(certificateData.notAfter!) - Date.parse(certificateData.notBefore!);
    expect(life / YEAR_MS).toBeCloseTo(10, 1);
    expect((await call('GET', `${IACAS}/${id}`)).text).toBe(created.text);
    expect((await call('GET', `${IACAS}?limit=1`)).json).toEqual({ data: [created.json] });
  });

  it('is made of what is asked for', async () => {
    const notBefore = new Date(Date.now() + 3_600_000).toISOString();
    const request = {
      commonName: "Transport (New Zealand), Int'l: IACA + 1/2=?",
      country: 'US',
      stateOrProvinceName: 'US-AL',
      notBefore,
      notAfter: `${Number(notBefore.slice(0, 4)) + 20}${notBefore.slice(4)}`,
    };
    const { certificateData } = (await call('POST', IACAS, request)).json as unknown as Iaca;
    const seconds = (time: string) => time.replace(/\.\d+Z/, '.000Z');
    expect(certificateData).toEqual({ ...request, notBefore: seconds(notBefore), notAfter: seconds(request.notAfter) });
  });

  it.each([
    [{ country: 'nz' }, 'body country'],
    [{ country: 'NZL' }, 'body country'],
    [{ commonName: 'Ministère' }, 'body commonName'],
    [{ commonName: '' }, 'body commonName'],
    [{ commonName: 'x'.repeat(65) }, 'body commonName'],
    [{ stateOrProvinceName: 'nz-wgn' }, 'body stateOrProvinceName'],
    [{ stateOrProvinceName: 'US-AL' }, 'body stateOrProvinceName'],
    [{ notBefore: '2020-01-01T00:00:00Z' }, 'body notBefore'],
    [{ notBefore: 'tomorrow' }, 'body notBefore'],
    [{ notAfter: '2020-01-01T00:00:00Z' }, 'body notAfter'],
    [{ notAfter: '2099-01-01T00:00:00Z' }, 'body notAfter'],
    [{ certificatePem: 'x' }, 'body certificatePem'],
    [{ active: true }, 'body active'],
  ])('is refused with %j', async (body, place) => {
    expect(placesOf(await call('POST', IACAS, body))).toEqual([place]);
    expect(await all(IACAS)).toEqual([]);
  });

  it('has every fault of a request told at once', async () => {
    const body = { notBefore: '2020-01-01T00:00:00Z', notAfter: '2019-01-01T00:00:00Z', stateOrProvinceName: 'US-AL' };
    expect(placesOf(await api.post(IACAS, body))).toEqual(['body notAfter', 'body notBefore', 'body stateOrProvinceName']);
  });

  it.each(RESOURCES)('has its %s at once, used once it is active', async (path, kind) => {
    const iaca = await create();
    const signers = await signersOf(path, iaca);
    expect(signers).toEqual([expect.objectContaining({ active: true, iacaId: iaca.id })]);
    expect(await verify(iaca, signers[0]!.certificatePem)).toBe('OK');
    const used = async () => {
      const { db } = system();
      const [iacas, certificateSigners] = [await db.iacas.find({}).toArray(), await db.certificateSigners.find({}).toArray()];
      return certifiedSigner({ iacas, certificateSigners }, { kind, now: Date.now() })?._id;
    };
    expect(await used()).toBeUndefined();
    const activated = await call('PUT', `${IACAS}/${iaca.id}`, { active: true });
    expect([activated.status, activated.json]).toEqual([200, { ...iaca, active: true }]);
    expect(await used()).toBe(signers[0]!.id);
    const stored = await system().db.signingKeys.findOne({ _id: `${DEFAULT_ISSUER_ID}/${kind}/${signers[0]!.id}` });
    expect(stored).toMatchObject({ purpose: kind, algorithm: 'ES256', privateKey: expect.anything() as object });
  });

  it('may be three of an issuer, and no more, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => api.post(IACAS, {})));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409, 409]);
    expect(await all(IACAS)).toHaveLength(3);
    const refused = await call('POST', IACAS, {});
    expect([refused.status, refused.json]).toEqual([
      409,
      { code: 'Conflict', message: 'There are 3 IACAs already, the most there may be: delete one first' },
    ]);
    await api.delete(`${IACAS}/${(await all<Iaca>(IACAS))[0]!.id}`);
    expect((await call('POST', IACAS, {})).status).toBe(201);
  });

  it('is deleted with its signers and all its keys, once it is not active', async () => {
    const { id } = await create();
    await api.put(`${IACAS}/${id}`, { active: true });
    const refused = await call('DELETE', `${IACAS}/${id}`);
    expect([refused.status, refused.json.message]).toEqual([409, 'The IACA is active: deactivate it first']);
    await api.put(`${IACAS}/${id}`, { active: false });
    expect((await call('DELETE', `${IACAS}/${id}`)).status).toBe(204);
    const { db } = system();
    expect(await db.certificateSigners.find({ iacaId: id }).toArray()).toEqual([]);
    const keys = await db.signingKeys.find({}).toArray();
    expect(keys.filter(({ purpose }) => ['iaca', 'document-signer', 'mobile-status-signer'].includes(purpose))).toEqual([]);
    for (const missing of [id, randomUUID(), 'none', '$ne'])
      for (const method of ['GET', 'PUT', 'DELETE'])
        expect((await call(method, `${IACAS}/${missing}`, method === 'PUT' ? { active: true } : undefined)).status).toBe(404);
  });

  it('leaves its operations in the event log, and is for issuers alone', async () => {
    const iaca = await create();
    const [{ id } = { id: '' }] = await signersOf(RESOURCES[0][0], iaca);
    await api.post(`${RESOURCES[0][0]}/${id}/revoke`, undefined);
    for (const type of ['MOBILE_CREDENTIAL_IACA_CREATE_SUCCESS', 'MOBILE_CREDENTIAL_DOCUMENT_SIGNER_REVOKE_SUCCESS']) {
      const logged = async () => (await api.get(`/v1/events?types=${type}`)).json.data;
      await expect.poll(logged).not.toEqual([]);
    }
    const auditor = await ManagementClient.withRoles(system(), 'auditor');
    for (const path of [IACAS, RESOURCES[0][0], RESOURCES[1][0]]) {
      expect((await auditor.get(path)).status).toBe(403);
      expect((await exchange(system().url + path)).status).toBe(401);
    }
  });
});

describe.each(RESOURCES)('%s of a managed IACA', (path) => {
  it('is revoked: on the list at once, used no more, and another one is there', async () => {
    const iaca = await create();
    await api.put(`${IACAS}/${iaca.id}`, { active: true });
    const [before] = await signersOf(path, iaca);
    expect(await verify(iaca, before!.certificatePem)).toBe('OK');
    const revoke = `${path}/${before!.id}/revoke`;
    expect(placesOf(await call('POST', `${revoke}?reason=boredom`))).toEqual(['query reason']);
    expect((await call('POST', `${revoke}?reason=keyCompromise`)).status).toBe(204);
    expect(await verify(iaca, before!.certificatePem)).toBe('certificate revoked');
    const [revoked, fresh, ...more] = await signersOf(path, iaca);
    expect(revoked).toMatchObject({ id: before!.id, active: false, revokedAt: expect.stringMatching(/Z$/) as string });
    expect([fresh!.active, more]).toEqual([true, []]);
    expect(await verify(iaca, fresh!.certificatePem)).toBe('OK');
  });

  it('is nobody’s to change or delete, and no new one can be asked for', async () => {
    const iaca = await create();
    const [signer] = await signersOf(path, iaca);
    expect((await call('PUT', `${path}/${signer!.id}`, { active: false })).status).toBe(409);
    expect((await call('DELETE', `${path}/${signer!.id}`)).status).toBe(409);
    expect(faultsOf(await call('POST', path, { iacaId: iaca.id }))).toEqual([
      'body iacaId: is the id of a managed IACA, whose signers are made by themselves',
    ]);
    for (const missing of [randomUUID(), 'none']) expect((await call('POST', `${path}/${missing}/revoke`)).status).toBe(404);
  });
});

describe('a revocation', () => {
  const [[path]] = RESOURCES;

  it('is made once, however often and by how many processes it is asked for', async () => {
    const iaca = await create();
    const [before] = await signersOf(path, iaca);
    const second = await system().startAnotherApi();
    const elsewhere = (suffix: string) =>
      exchange(`http://127.0.0.1:${second.port}${path}/${before!.id}${suffix}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.token}` },
      });
    const asked = Array.from({ length: 4 }, () => [api.post(`${path}/${before!.id}/revoke`, undefined), elsewhere('/revoke')]);
    for (const { status } of await Promise.all(asked.flat())) expect(status).toBe(204);
    expect(await signersOf(path, iaca)).toHaveLength(2);
    expect(await verify(iaca, before!.certificatePem)).toBe('certificate revoked');
    await second.kill('SIGKILL');
  });
});

describe('what verifiers fetch', () => {
  it('is the list of active IACAs, in JSON or PEM, cacheable', async () => {
    const [active, inactive] = [await create(), await create()];
    await api.put(`${IACAS}/${active.id}`, { active: true });
    const url = `${system().url}/v1/openid/iacas`;
    const listed = await exchange(url);
    expect(description.faultsOfAnswer('GET', '/v1/openid/iacas', listed)).toEqual([]);
    const der = active.certificatePem.replace(/-----.*-----|\n/g, '');
    expect(listed.json).toEqual({ data: [{ certificatePem: active.certificatePem }], iacas: [{ certificate: der }] });
    expect(listed.text).not.toContain(inactive.id);
    const pem = await exchange(url, { headers: { accept: 'application/pem-certificate-chain' } });
    expect([pem.headers.get('content-type'), pem.text]).toEqual([
      expect.stringContaining('application/pem-certificate-chain'),
      active.certificatePem,
    ]);
    for (const { headers } of [listed, pem]) {
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('cache-control')).toBe('public, max-age=60');
      expect(headers.get('vary')).toContain('Accept');
    }
    const again = await exchange(url, { headers: { 'if-none-match': listed.headers.get('etag')! } });
    expect([again.status, again.text]).toEqual([304, '']);
    expect(pem.headers.get('etag')).not.toBe(listed.headers.get('etag'));
  });

  it('is the revocation list of an IACA, active or not, in DER, cacheable', async () => {
    const { id } = await create();
    const url = `${system().url}${IACAS}/${id}/crl`;
    const served = await fetch(url);
    expect([served.status, served.headers.get('content-type')]).toEqual([200, 'application/pkix-crl']);
    const der = Buffer.from(await served.arrayBuffer());
    expect(openssl('crl', '-inform', 'DER', '-in', files.write(der), '-noout', '-text')).toContain('No Revoked Certificates');
    const again = await exchange(url, { headers: { 'if-none-match': served.headers.get('etag')! } });
    expect([again.status, again.text, again.headers.get('cache-control')]).toEqual([304, '', 'public, max-age=60']);
    for (const unknown of [randomUUID(), 'none', '$ne'])
      expect((await exchange(`${system().url}${IACAS}/${unknown}/crl`)).status).toBe(404);
  });
});
