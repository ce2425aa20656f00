import { beforeAll, describe, expect, it } from 'vitest';
import { IssuerBackend } from '../../../flows/issuer-backend.js';
import { useSharedSystem } from '../../../harness/use-system.js';
import { ManagementClient, placesOf } from '../management-client.js';

const PATH = '/v1/openid/offers/pre-authorized';
const GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';

const system = useSharedSystem();
let api: ManagementClient;
let configurationId: string;

beforeAll(async () => {
  api = await ManagementClient.admin(system());
  configurationId = await (await IssuerBackend.login(system())).configuration();
});

const create = (more: Readonly<Record<string, unknown>> = {}) => api.post(PATH, { credentials: [configurationId], ...more });

/** The offer that a URI carries by value. */
const offerIn = (uri: unknown): unknown => JSON.parse(new URL(String(uri)).searchParams.get('credential_offer') ?? '');

describe('the transaction code', () => {
  it.each([
    [{}, /^[0-9]{6}$/, { input_mode: 'numeric', length: 6 }],
    [{ inputMode: 'numeric', length: 4 }, /^[0-9]{4}$/, { input_mode: 'numeric', length: 4 }],
    [{ length: 16 }, /^[0-9]{16}$/, { input_mode: 'numeric', length: 16 }],
    [{ inputMode: 'text' }, /^[2-9A-HJ-NP-Z]{6}$/, { input_mode: 'text', length: 6 }],
    [{ inputMode: 'text', length: 16 }, /^[2-9A-HJ-NP-Z]{16}$/, { input_mode: 'text', length: 16 }],
    [{ description: 'In the letter' }, /^[0-9]{6}$/, { input_mode: 'numeric', length: 6, description: 'In the letter' }],
  ])(
    'OFR-07 OFR-08 for %j is a string in the answer, and described in the offer',
    async (transactionCodeConfiguration, code, described) => {
      const answer = await create({ transactionCodeConfiguration });
      expect(answer.json.transactionCode).toMatch(code);
      expect(offerIn(answer.json.uri)).toMatchObject({ grants: { [GRANT]: { tx_code: described } } });
      // OFR-09: it is for another channel than the URI.
      expect(decodeURIComponent(String(answer.json.uri))).not.toContain(`"${answer.json.transactionCode as string}"`);
    },
  );

  it('OFR-07 is absent, in answer and offer, where none is configured', async () => {
    const { json } = await create();
    expect(json).not.toHaveProperty('transactionCode');
    expect(JSON.stringify(offerIn(json.uri))).not.toContain('tx_code');
  });

  it.each<[string, unknown, string]>([
    ['null', null, ''],
    ['true', true, ''],
    ['an unknown input mode', { inputMode: 'alphanumeric' }, '.inputMode'],
    ['three characters', { length: 3 }, '.length'],
    ['seventeen characters', { length: 17 }, '.length'],
    ['a length that is text', { length: '6' }, '.length'],
    ['half a character', { length: 6.5 }, '.length'],
    ['an empty description', { description: '' }, '.description'],
    ['a description of 301 characters', { description: 'x'.repeat(301) }, '.description'],
    ['a code of the caller’s choice', { value: '123456' }, '.value'],
  ])('OFR-08 is refused with %s', async (_what, transactionCodeConfiguration, member) => {
    expect(placesOf(await create({ transactionCodeConfiguration }))).toEqual([`body transactionCodeConfiguration${member}`]);
  });
});
