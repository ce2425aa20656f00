import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient } from '../management-client.js';

const PATH = '/v2/credentials/sd-jwt/configurations';

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

const newType = () => `urn:test:${randomUUID()}`;
const smallest = (type = newType()) => ({ type, claimMappings: { name: { mapFrom: 'claims.name' } } });

describe('the type of a configuration', () => {
  const taken = ['body type: is already the type of another configuration'];

  it('is unique: a second configuration of it is refused, by POST and by PUT', async () => {
    const { type } = await api.create(PATH, smallest());
    const other = await api.create(PATH, smallest());
    expect(faultsOf(await api.post(PATH, smallest(type as string)))).toEqual(taken);
    expect(faultsOf(await api.put(`${PATH}/${other.id}`, smallest(type as string)))).toEqual(taken);
    expect((await api.get(`${PATH}/${other.id}`)).json.type).toBe(other.type);
  });

  it('is free again after a change and after a deletion', async () => {
    const { id, type } = await api.create(PATH, smallest());
    expect((await api.put(`${PATH}/${id}`, smallest())).status).toBe(200);
    const second = await api.create(PATH, smallest(type as string));
    expect((await api.delete(`${PATH}/${second.id}`)).status).toBe(204);
    expect((await api.post(PATH, smallest(type as string))).status).toBe(201);
  });

  it('goes to one of ten that ask for it at once', async () => {
    const type = newType();
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.post(PATH, smallest(type))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(400)]);
    expect((await api.get(`${PATH}?type=${type}`)).json.data).toHaveLength(1);
  });

  it.each(['Ausweis für Gäste', 'employee', 'https://issuer.example/credentials/employee?v=1#a', '$type', 'a.b', '☃'.repeat(20)])(
    'may be %s',
    async (name) => {
      const type = `${name}${randomUUID()}`;
      const created = await api.create(PATH, smallest(type));
      const found = await api.get(`${PATH}?type=${encodeURIComponent(type)}`);
      expect(found.json).toEqual({ data: [created] });
    },
  );
});
