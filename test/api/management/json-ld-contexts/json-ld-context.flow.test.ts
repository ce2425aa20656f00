import { createHash, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../../../store/issuer-directory.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';

const PATH = '/v2/credentials/web-semantic/contexts';
const CONFIGURATIONS = '/v2/credentials/web-semantic/configurations';
const CORE = 'https://www.w3.org/ns/credentials/v2';

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

const newUrl = () => `https://issuer.example/contexts/${randomUUID()}`;
const CONTENT = {
  '@context': { '@version': 1.1, Badge: 'https://issuer.example/Badge', 'odd.$name': 'https://issuer.example/odd' },
};

describe('an uploaded context', () => {
  it('is created with 201 and read back as it was given, under an id that follows from its url', async () => {
    const url = newUrl();
    const created = await api.post(PATH, { url, content: CONTENT });
    const id = createHash('sha256').update(url).digest('base64url');
    expect([created.status, created.json]).toEqual([201, { id, url, content: CONTENT }]);
    expect((await api.get(`${PATH}/${id}`)).text).toBe(created.text);
    const listed = (await api.pages<{ id: string }>(PATH, { limit: '2' })).flat();
    expect(listed.filter((entry) => entry.id === id)).toEqual([created.json]);
  });

  it("is in the issuer's snapshot as JSON text", async () => {
    const url = newUrl();
    await api.create(PATH, { url, content: CONTENT });
    const { revision } = (await system().db.issuers.findOne({ _id: DEFAULT_ISSUER_ID }))!;
    const { contexts } = await new IssuerDirectory(system()).get(DEFAULT_ISSUER_ID, revision);
    expect(contexts.get(url)).toBe(JSON.stringify(CONTENT));
  });

  it('keeps its content for good: 409 for another one of its url', async () => {
    const url = newUrl();
    const { id } = await api.create(PATH, { url, content: CONTENT });
    const second = await api.post(PATH, { url, content: { '@context': {} } });
    expect([second.status, second.json.code]).toEqual([409, 'Conflict']);
    expect((await api.get(`${PATH}/${id}`)).json.content).toEqual(CONTENT);
    const answers = await Promise.all(Array.from({ length: 4 }, () => api.post(PATH, { url: `${url}/2`, content: CONTENT })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('is not deleted while a configuration uses it; 204 afterwards, and then it is not there', async () => {
    const url = newUrl();
    const context = await api.create(PATH, { url, content: CONTENT });
    const configuration = await api.create(CONFIGURATIONS, {
      name: 'Badge',
      type: 'Badge',
      issuer: { name: 'Issuer' },
      contexts: [url],
      claimMappings: {},
    });
    expect(faultsOf(await api.delete(`${PATH}/${context.id}`))).toEqual(['params id: is in use by a credential configuration']);
    await api.delete(`${CONFIGURATIONS}/${configuration.id}`);
    expect((await api.delete(`${PATH}/${context.id}`)).status).toBe(204);
    for (const id of [context.id, randomUUID(), 'x', '$ne', '%00'])
      for (const answer of [await api.get(`${PATH}/${id}`), await api.delete(`${PATH}/${id}`)])
        expect([answer.status, answer.json.code]).toEqual([404, 'NotFound']);
  });

  it('is for those who issue only', async () => {
    const auditor = await ManagementClient.withRoles(system(), 'auditor');
    expect((await auditor.get(PATH)).status).toBe(403);
    expect((await auditor.post(PATH, { url: newUrl(), content: CONTENT })).status).toBe(403);
  });
});

describe('a context is refused', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['of a url that is not https', { url: 'http://issuer.example/a' }, 'body url: must be an https URL'],
    ['of a url that is built in', { url: CORE }, 'body url: is built in, and cannot be replaced'],
    ['without @context', { content: { a: 1 } }, 'body content: needs @context'],
    ['that is text', { content: 'x' }, 'body content: '],
    [
      'of more than 64 kB',
      { content: { '@context': { a: `https://a.example/${'a'.repeat(65_536)}` } } },
      'body content: must be at most',
    ],
    [
      'nested too deep',
      { content: JSON.parse(`{"@context":${'['.repeat(40)}${']'.repeat(40)}}`) as object },
      'body content: must not be nested',
    ],
    ['that is none', { content: { '@context': { a: 5 } } }, 'body content: is no JSON-LD context: invalid term definition'],
    [
      'that refers to another that is not built in',
      { content: { '@context': { a: { '@id': 'https://a.example/', '@context': 'https://elsewhere.example/' } } } },
      'body content: refers to a context that is not built in',
    ],
  ])('%s', async (_what, changes, expected) => {
    const answer = await api.post(PATH, { url: newUrl(), content: CONTENT, ...changes });
    expect(faultsOf(answer)).toEqual([expect.stringContaining(expected)]);
  });
});
