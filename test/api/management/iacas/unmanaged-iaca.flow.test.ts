import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { certifiedSigner } from '../../../../keys/credential-signers.js';
import { exchange } from '../../../flows/http-exchange.js';
import { useOwnProcesses } from '../../../harness/use-system.js';
import { DOCUMENT_SIGNER_EXTENSIONS, openssl, OpensslAuthority } from '../../../keys/openssl-authority.js';
import { OpenApiDescription } from '../../http/openapi-description.js';
import { faultsOf, ManagementClient, placesOf } from '../management-client.js';

const IACAS = '/v2/credentials/mobile/iacas';
const LIST_EXTENSIONS = DOCUMENT_SIGNER_EXTENSIONS.filter((extension) => !extension.startsWith('extendedKeyUsage'));
const RESOURCES = [
  ['/v2/credentials/mobile/document-signers', 'document-signer', 5, DOCUMENT_SIGNER_EXTENSIONS],
  ['/v2/credentials/mobile/status-list-signers', 'mobile-status-signer', 3, LIST_EXTENSIONS],
] as const;

const system = useOwnProcesses();
const root = new OpensslAuthority({ subject: '/C=NZ/ST=NZ-WGN/CN=Outside IACA' });
afterAll(() => root.remove());
let api: ManagementClient;
let description: OpenApiDescription;
beforeAll(async () => {
  api = await ManagementClient.admin(system());
  description = new OpenApiDescription((await exchange(`${system().url}/openapi.json`)).json);
});
beforeEach(async () => {
  const iacas = (await api.get(IACAS)).json.data as { id: string }[];
  for (const { id } of iacas) {
    await api.put(`${IACAS}/${id}`, { active: false });
    await api.delete(`${IACAS}/${id}`);
  }
});

async function call(method: string, path: string, body?: unknown) {
  const answer = await api.call(method, path, body === undefined ? {} : { body });
  expect(description.faultsOfAnswer(method, path, answer), answer.text).toEqual([]);
  if (answer.status < 300 && body !== undefined) expect(description.faultsOfRequest(method, path, body)).toEqual([]);
  return answer;
}
const register = async (authority = root): Promise<string> =>
  (await api.create(IACAS, { certificatePem: authority.certificatePem })).id;

describe('an unmanaged IACA', () => {
  it('is registered by its certificate alone, inactive, and shown as it was given', async () => {
    const { status, json } = await call('POST', IACAS, { certificatePem: root.certificatePem });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      active: false,
      certificatePem: root.certificatePem,
      certificateData: { country: 'NZ', commonName: 'Outside IACA', stateOrProvinceName: 'NZ-WGN' },
      isManaged: false,
    });
    const activated = await call('PUT', `${IACAS}/${json.id as string}`, { active: true });
    expect(activated.json).toEqual({ ...json, active: true });
    expect((await exchange(`${system().url}/v1/openid/iacas`)).json.data).toEqual([{ certificatePem: root.certificatePem }]);
    // Its revocation list is at its own authority.
    expect((await exchange(`${system().url}${IACAS}/${json.id as string}/crl`)).status).toBe(404);
    expect(await system().db.signingKeys.countDocuments({ purpose: 'iaca' })).toBe(0);
  });

  it('is refused with every fault of its certificate told', async () => {
    const rsa = new OpensslAuthority({ key: ['rsa:2048'], subject: '/O=x' });
    expect(faultsOf(await call('POST', IACAS, { certificatePem: rsa.certificatePem }))).toEqual([
      'body certificatePem: must have a key on the curve P-256, P-384 or P-521',
      'body certificatePem: must be signed with ECDSA and SHA-256, SHA-384 or SHA-512',
      'body certificatePem: must name one country as two capital letters (countryName)',
      'body certificatePem: must have a commonName',
    ]);
    rsa.remove();
    for (const certificatePem of ['garbage', root.certificatePem + root.certificatePem, 'x'.repeat(20_000), 1])
      expect(placesOf(await call('POST', IACAS, { certificatePem }))).toEqual(['body certificatePem']);
    const both = { certificatePem: root.certificatePem, country: 'NZ', commonName: 'x' };
    expect(placesOf(await call('POST', IACAS, both))).toEqual(['body commonName', 'body country']);
    expect((await api.get(IACAS)).json).toEqual({ data: [] });
  });
});

describe.each(RESOURCES)('%s of an unmanaged IACA', (path, kind, most, extensions) => {
  const create = async (iacaId: string) =>
    (await call('POST', path, { iacaId })).json as { id: string; active: boolean; csrPem: string };
  const used = async () => {
    const { db } = system();
    const [iacas, certificateSigners] = [await db.iacas.find({}).toArray(), await db.certificateSigners.find({}).toArray()];
    return certifiedSigner({ iacas, certificateSigners }, { kind, now: Date.now() })?._id;
  };

  it('is certified by the offline root, used while it is active, and deleted with its key', async () => {
    const iacaId = await register();
    await api.put(`${IACAS}/${iacaId}`, { active: true });
    const signer = await create(iacaId);
    expect(signer).toEqual({
      id: signer.id,
      active: false,
      iacaId,
      csrPem: expect.stringContaining('CERTIFICATE REQUEST') as string,
    });
    expect(openssl('req', '-in', root.write(signer.csrPem), '-noout', '-subject', '-verify')).toContain('C = NZ, ST = NZ-WGN');
    expect(await used()).toBeUndefined();

    const certificatePem = root.sign(signer.csrPem, { extensions });
    const one = `${path}/${signer.id}`;
    const activated = await call('PUT', one, { active: true, certificatePem });
    expect(activated.status).toBe(200);
    expect(activated.json).toMatchObject({ ...signer, active: true, certificatePem, certificateData: { country: 'NZ' } });
    expect((await call('GET', one)).text).toBe(activated.text);
    expect((await call('GET', `${path}?limit=1`)).json).toEqual({ data: [activated.json] });
    expect(await used()).toBe(signer.id);

    expect((await call('PUT', one, { active: false })).json).toMatchObject({ active: false, certificatePem });
    expect(await used()).toBeUndefined();
    expect((await call('PUT', one, { active: true })).json).toMatchObject({ active: true, certificatePem });
    expect(await used()).toBe(signer.id);
    await api.put(`${IACAS}/${iacaId}`, { active: false });
    expect(await used()).toBeUndefined();

    expect((await call('DELETE', one)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await call(method, one)).status).toBe(404);
    expect((await call('PUT', one, { active: true })).status).toBe(404);
    expect(await system().db.signingKeys.countDocuments({ purpose: kind })).toBe(0);
  });

  it('is not activated without a certificate, or with one at fault', async () => {
    const iacaId = await register();
    const [signer, other] = [await create(iacaId), await create(iacaId)];
    const put = (body: unknown) => call('PUT', `${path}/${signer.id}`, body);
    expect(faultsOf(await put({ active: true }))).toEqual([
      'body certificatePem: is required: the signer has no certificate yet',
    ]);
    expect(placesOf(await put({ certificatePem: 'x' }))).toEqual(['body active']);
    expect(faultsOf(await put({ active: true, certificatePem: root.sign(other.csrPem, { extensions }) }))).toEqual([
      'body certificatePem: must certify the key of the certificate request (csrPem), and certifies another',
    ]);
    const stranger = new OpensslAuthority({ subject: '/C=DE/CN=Stranger' });
    const broken = await put({ active: false, certificatePem: stranger.sign(signer.csrPem, { extensions }) });
    expect(faultsOf(broken).length).toBeGreaterThan(2);
    stranger.remove();
    expect(faultsOf(await put({ active: true, certificatePem: root.certificatePem })).length).toBeGreaterThan(2);
    expect(placesOf(await put({ active: true, certificatePem: signer.csrPem }))).toEqual(['body certificatePem']);
    expect((await call('GET', `${path}/${signer.id}`)).json).toEqual(signer);
  });

  it(`may be ${most}, and no more, however many ask at once`, async () => {
    const iacaId = await register();
    const answers = await Promise.all(Array.from({ length: most + 3 }, () => api.post(path, { iacaId })));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(most).fill(201), 409, 409, 409]);
    expect((await call('POST', path, { iacaId })).status).toBe(409);
    await api.delete(`${path}/${answers.find(({ status }) => status === 201)!.json.id as string}`);
    expect((await call('POST', path, { iacaId })).status).toBe(201);
    // What goes with its IACA frees its places.
    await api.delete(`${IACAS}/${iacaId}`);
    const iacaAfter = await register();
    expect((await call('POST', path, { iacaId: iacaAfter })).status).toBe(201);
  });

  it('is not revoked here, where its list is not, and the caller is told what to do', async () => {
    const { id } = await create(await register());
    const { status, json } = await call('POST', `${path}/${id}/revoke`);
    expect([status, json.code]).toEqual([400, 'BadRequest']);
    expect(json.message).toContain('revoke the certificate there');
  });

  it('is not made for an IACA that is not there', async () => {
    for (const iacaId of [randomUUID(), 'x']) expect(placesOf(await call('POST', path, { iacaId }))).toEqual(['body iacaId']);
  });
});
