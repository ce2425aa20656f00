import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { useSharedSystem } from '../../../harness/use-system.js';
import { faultsOf, ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v2/credentials/sd-jwt/configurations';
const NAME = { mapFrom: 'claims.name' };
const ICON = 'data:image/png;base64,iVBORw0KGgo=';

const system = useSharedSystem();
let api: ManagementClient;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
});

/** Creates a configuration that is in order but for the changes. */
const create = (changes: Readonly<Record<string, unknown>>) =>
  api.post(PATH, { type: `urn:test:${randomUUID()}`, claimMappings: { name: NAME }, ...changes });

describe('a configuration is refused for', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no type', { type: undefined }, 'body type: is required'],
    ['an empty type', { type: '' }, 'body type'],
    ['a type of 1025 characters', { type: 'x'.repeat(1025) }, 'body type'],
    ['a type that is no string', { type: ['a'] }, 'body type'],
    ['the type VerifiableCredential', { type: 'VerifiableCredential' }, 'body type: must not be VerifiableCredential'],
    ['a type with white space around it', { type: ' a' }, 'body type'],
    ['a type with control characters', { type: 'a\u0000b' }, 'body type'],
    ['no claim mappings', { claimMappings: undefined }, 'body claimMappings: is required'],
    ['claim mappings in an array', { claimMappings: [NAME] }, 'body claimMappings'],
    ['a mapping that is no object', { claimMappings: { name: 'claims.name' } }, 'body claimMappings.name'],
    ['an unknown member', { color: 'red' }, 'body color: is not a known member'],
    ['an unknown member of a mapping', { claimMappings: { name: { ...NAME, mapTo: 'x' } } }, 'body claimMappings.name.mapTo'],
    ['an id of its own', { id: randomUUID() }, 'body id: is not a known member'],
    ['a member __proto__', JSON.parse('{"__proto__":{"type":"x"}}') as object as Record<string, unknown>, 'body __proto__'],
    ['a claim source that is no id', { claimSourceId: 'x' }, 'body claimSourceId: must be the id of a claims source'],
    ['an unknown claim source', { claimSourceId: randomUUID() }, 'body claimSourceId: is not the id of a claims source'],
    ['a holderBinding that is no boolean', { holderBinding: 'yes' }, 'body holderBinding'],
  ])('%s', async (_what, changes, expected) => {
    // A member `__proto__` is lost where objects are spread.
    const own = Object.hasOwn(changes, '__proto__') ? '{"__proto__":{"type":"x"}}' : undefined;
    const answer = own === undefined ? await create(changes) : await api.post(PATH, own);
    expect(faultsOf(answer)).toEqual([expect.stringContaining(expected)]);
  });

  it.each<[string, unknown]>([
    ['an empty duration', {}],
    ['a duration of nothing', { months: 0, days: 0 }],
    ['a duration that is text', 'P1M'],
    ['a negative part', { months: -1 }],
    ['a part that is no whole number', { days: 1.5 }],
    ['a part that is text', { days: '1' }],
    ['more than 100 years', { years: 101 }],
    ['more seconds than 100 years have', { seconds: 4_000_000_000 }],
    ['a unit that is none', { fortnights: 1 }],
  ])('an expiresIn with %s', async (_what, expiresIn) => {
    const places = placesOf(await create({ expiresIn }));
    expect([...new Set(places.map((place) => place.split('.')[0]))]).toEqual(['body expiresIn']);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['a colour by name', { branding: { name: 'a', backgroundColor: 'red' } }, 'body branding.backgroundColor'],
    ['branding without a name', { branding: { backgroundColor: '#000000' } }, 'body branding.name'],
    ['a logo by plain http', { branding: { name: 'a', issuerLogo: 'http://a.example/x' } }, 'body branding.issuerLogo'],
    ['a logo that is script', { branding: { name: 'a', issuerIcon: 'javascript:alert(1)' } }, 'body branding.issuerIcon'],
    ['a data: URI of a page', { branding: { name: 'a', issuerIcon: 'data:text/html;base64,YQ==' } }, 'body branding.issuerIcon'],
    ['an image too large', { branding: { name: 'a', issuerIcon: ICON + 'A'.repeat(131_072) } }, 'body branding.issuerIcon'],
    ['an empty display', { display: [] }, 'body display'],
    ['a display without a name', { display: [{ locale: 'en' }] }, 'body display[0].name'],
    ['a locale that is none', { display: [{ name: 'a', locale: 'english please' }] }, 'body display[0].locale'],
    ['a locale in the wrong case', { display: [{ name: 'a', locale: 'EN-nz' }] }, 'body display[0].locale'],
    [
      'MET-09 two entries for one locale',
      {
        display: [
          { name: 'a', locale: 'en' },
          { name: 'b', locale: 'en' },
        ],
      },
      'body display[1].locale',
    ],
    ['MET-09 two entries without a locale', { display: [{ name: 'a' }, { name: 'b' }] }, 'body display[1].locale'],
    [
      'MET-09 two names of a claim in one locale',
      { claimMappings: { name: { ...NAME, display: [{ name: 'a' }, { name: 'b' }] } } },
      'body claimMappings.name.display[1].locale',
    ],
  ])('%s', async (_what, changes, place) => {
    expect(placesOf(await create(changes))).toEqual([place]);
  });
});

describe('claim mappings are refused for', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string[]]>([
    ['a claim the issuer sets itself', { exp: NAME }, ['exp: uses exp, which the issuer sets itself']],
    ['a reserved name', { 'address._sd': NAME }, ['address._sd: uses the reserved name _sd']],
    ['a name of every object', { constructor: NAME }, ['constructor: uses the reserved name constructor']],
    ['a path that is none', { 'a..b': NAME }, ['a..b: needs a name at character 3']],
    ['an array element', { 'list[0]': NAME }, ['list[0]: names an array element; map the whole array']],
    ['two spellings of one claim', { 'a.b': NAME, "a['b']": NAME }, ["a['b']: is the same claim as a.b"]],
    ['a value beside mapped members', { a: NAME, 'a.b': NAME }, ['a: cannot have a value of its own while a.b is mapped apart']],
    ['neither value nor members', { a: { required: true } }, ['a: needs mapFrom or defaultValue']],
    ['a mapFrom from elsewhere', { a: { mapFrom: 'process.env.HOME' } }, ['a.mapFrom: must begin with claims.']],
    ['a mapFrom that is no path', { a: { mapFrom: 'claims[' } }, ["a.mapFrom: needs ['name'] or [index] at character 7"]],
    ['a default of null', { a: { defaultValue: null } }, ['a.defaultValue: is null']],
    [
      'a default that is no array where elements are disclosed',
      { a: { defaultValue: 'x', selectiveDisclosureOfElements: true } },
      ['a.defaultValue: must be an array'],
    ],
    ['a name with a NUL', { "['a\u0000b']": NAME }, ['has a member whose name holds a NUL']],
    ['a name with a NUL in a default', { a: { defaultValue: [{ 'b\u0000': 1 }] } }, ['has a member whose name holds a NUL']],
  ])('%s', async (_what, claimMappings, expected) => {
    const faults = faultsOf(await create({ claimMappings }));
    expect(faults).toEqual(expected.map((text) => expect.stringContaining(text) as string));
  });

  it('more than 300 claims', async () => {
    const claimMappings = Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`claim_${index}`, NAME]));
    expect(faultsOf(await create({ claimMappings }))).toEqual(['body claimMappings: are more than 300 claims']);
  });

  it('a default nested deeper than a credential can carry', async () => {
    const deep = `{"type":"urn:test:x","claimMappings":{"a":{"defaultValue":${'['.repeat(20_000)}${']'.repeat(20_000)}}}}`;
    expect(placesOf(await api.post(PATH, deep))).toEqual(['body claimMappings.a.defaultValue']);
  });
});

describe('the answer to a faulty configuration', () => {
  it('names the faults of all members at once', async () => {
    const answer = await create({
      type: '',
      claimMappings: { exp: NAME, a: { required: true }, c: { mapFrom: 'env.x' } },
      expiresIn: { months: -1 },
      branding: { backgroundColor: 'red' },
      unknown: 1,
    });
    expect(placesOf(answer)).toEqual([
      'body branding.backgroundColor',
      'body branding.name',
      'body claimMappings.a',
      'body claimMappings.c.mapFrom',
      'body claimMappings.exp',
      'body expiresIn',
      'body expiresIn.months',
      'body type',
      'body unknown',
    ]);
  });

  it('has at most 100 faults, and repeats no value', async () => {
    const mappings = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`claim_${index}`, { defaultValue: null, mapFrom: 'secret-value' }]),
    );
    const answer = await create({ claimMappings: mappings });
    expect(faultsOf(answer)).toHaveLength(100);
    expect(answer.text).not.toContain('secret-value');
  });

  it('comes to a replacement alike, which then changes nothing', async () => {
    const created = await api.create(PATH, { type: `urn:test:${randomUUID()}`, claimMappings: { name: NAME } });
    const answer = await api.put(`${PATH}/${created.id}`, { type: 'x', claimMappings: { exp: NAME } });
    expect(placesOf(answer)).toEqual(['body claimMappings.exp']);
    expect((await api.get(`${PATH}/${created.id}`)).json).toEqual(created);
  });
});

describe('names that are unusual but in order', () => {
  it.each(['$id', '$set', 'a-b', 'übung', "['a.b']", "['$where'].x", 'toJSON', 'length', '_id', 'then', '名前'])(
    'a claim may be called %s',
    async (name) => {
      const created = await create({ claimMappings: { [name]: NAME } });
      expect(created.status).toBe(201);
      const read = await api.get(`${PATH}/${created.json.id as string}`);
      expect(read.json.claimMappings).toEqual({ [name]: NAME });
      expect((await api.put(`${PATH}/${created.json.id as string}`, read.json)).text).toBe(read.text);
    },
  );
});
