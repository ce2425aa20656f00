import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { msoMdoc } from '../../../credentials/mso-mdoc/format.js';
import type { MobileConfigurationDocument, MobileValueType } from '../../../store/configuration-documents.js';
import { VERIFIERS } from './mdoc-verifiers.js';
import { makeIaca, type TestIaca } from './test-iaca.js';
import { configurationOf, holderKeys, issue } from './test-mdoc.js';

const TYPES: readonly MobileValueType[] = [
  'string',
  'int',
  'number',
  'boolean',
  'dateTime',
  'fullDate',
  'bytes',
  'object',
  'array',
  'drivingPrivileges',
];
/** `@auth0/mdl` goes by the clock. */
const now = Date.now();
const NAMESPACE = 'org.example.1';
const holder = holderKeys();
let iaca: TestIaca;
beforeAll(async () => {
  iaca = await makeIaca({ now });
});

const dates = fc.date({ min: new Date('0001-01-01'), max: new Date('9998-12-31'), noInvalidDate: true });
const fullDates = dates.map((date) => date.toISOString().slice(0, 10));
const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '2026-02-30', ''));
const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
const privileges = fc.array(
  fc.record(
    {
      vehicle_category_code: fc.string({ minLength: 1, maxLength: 5 }),
      issue_date: fullDates,
      expiry_date: fc.option(fullDates),
      codes: fc.array(
        fc.record({ code: fc.string({ minLength: 1 }), sign: fc.string({ minLength: 1 }) }, { requiredKeys: ['code'] }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
    },
    { requiredKeys: ['vehicle_category_code'] },
  ),
  { maxLength: 4 },
);
/** Values that fit a type, and whatever JSON there is: each goes with a type by chance. */
const values = fc.oneof(
  json,
  texts,
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  dates.map((date) => date.toISOString()),
  fullDates,
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  privileges,
);
const fitting: Readonly<Record<MobileValueType, fc.Arbitrary<unknown>>> = {
  string: texts,
  int: fc.maxSafeInteger(),
  number: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()),
  boolean: fc.boolean(),
  dateTime: dates.map((date) => date.toISOString()),
  fullDate: fullDates,
  bytes: fc.uint8Array({ minLength: 1, maxLength: 600 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  object: fc.dictionary(texts, json, { maxKeys: 4 }),
  array: fc.array(json, { maxLength: 4 }),
  drivingPrivileges: privileges,
};
const element = fc.constantFrom(...TYPES).chain((type) => fc.tuple(fc.constant(type), fc.oneof(values, fitting[type])));

function configurationFor(elements: readonly (readonly [MobileValueType, unknown])[]): MobileConfigurationDocument {
  const mapped = elements.map(([type], index) => [`e${index}`, { type, mapFrom: `claims.c${index}` }] as const);
  return configurationOf({ [NAMESPACE]: Object.fromEntries(mapped) });
}

/** As JSON that went into an mdoc of that type is read by the verifiers. */
function expectedOf(type: MobileValueType, value: unknown): unknown {
  if (type === 'bytes') return Buffer.from(String(value), 'base64').toString('base64');
  if (type === 'dateTime') return `${new Date(Math.floor(Date.parse(String(value)) / 1000) * 1000).toISOString().slice(0, 19)}Z`;
  if (type === 'drivingPrivileges') {
    return JSON.parse(JSON.stringify(value, (_name, member: unknown) => member ?? undefined)) as unknown;
  }
  return JSON.parse(JSON.stringify(value)) as unknown;
}

describe('any claims', () => {
  it('give an mdoc that all three verifiers read back to the same values, or a refusal that names the claim and no value', async () => {
    let [made, refused] = [0, 0];
    const property = fc.asyncProperty(fc.array(element, { minLength: 1, maxLength: 6 }), async (elements) => {
      const configuration = configurationFor(elements);
      const claims = Object.fromEntries(elements.map(([, value], index) => [`c${index}`, value]));
      const source = { claims };
      const mapped = msoMdoc.mapClaims({ configuration, source });
      for (const name of mapped.unusable) expect(name).toMatch(/^org\.example\.1\/e\d$/);
      refused += mapped.unusable.length;
      const usable = elements.flatMap(([type, value], index) =>
        mapped.unusable.includes(`${NAMESPACE}/e${index}`) || value === null
          ? []
          : [[`e${index}`, expectedOf(type, value)] as const],
      );
      const issuing = issue(iaca.documentSigner, configuration, claims, {
        now,
        holderKey: holder.publicJwk,
        claims: mapped.claims,
      });
      if (usable.length === 0) {
        await expect(issuing).rejects.toMatchObject({ name: 'CredentialContentError' });
        return;
      }
      const { credential } = await issuing;
      made += 1;
      for (const [, verifyMdoc] of VERIFIERS) {
        const input = { credential, root: iaca.certificate, docType: configuration.type, holder, now };
        expect(await verifyMdoc(input)).toEqual({ [NAMESPACE]: Object.fromEntries(usable) });
      }
    });
    await fc.assert(property, { numRuns: 50 });
    expect(made).toBeGreaterThan(10);
    expect(refused).toBeGreaterThan(10);
  });

  it('that fit their types are never refused', () => {
    for (const type of TYPES.filter((known) => known !== 'string' && known !== 'object' && known !== 'array')) {
      fc.assert(
        fc.property(fitting[type], (value) => {
          const configuration = configurationFor([[type, value]]);
          expect(msoMdoc.mapClaims({ configuration, source: { claims: { c0: value } } }).unusable).toEqual([]);
        }),
        { numRuns: 50 },
      );
    }
  });
});
