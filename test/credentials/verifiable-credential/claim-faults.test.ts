import { describe, expect, it } from 'vitest';
import { w3cClaimFaults } from '../../../credentials/verifiable-credential/claim-faults.js';

const faults = (mappings: Parameters<typeof w3cClaimFaults>[0], discloses = false): string[] =>
  w3cClaimFaults(mappings, { discloses }).map(({ claim, member }) =>
    [claim, ...(member === undefined ? [] : [member])].join('.'),
  );

describe('a claim of a W3C credential', () => {
  it('must not be the id of its subject, nor a keyword of JSON-LD at any depth', () => {
    const value = { mapFrom: 'claims.x' };
    expect(faults({ id: value, '@type': value, 'a.@id': value, "['@context']": value, 'a.id': value, type: value })).toEqual([
      'id',
      '@type',
      'a.@id',
      "['@context']",
    ]);
  });

  it('must not promise a disclosure that the proof cannot give', () => {
    const mappings = {
      a: { mapFrom: 'claims.a', selectiveDisclosure: true },
      b: { mapFrom: 'claims.b', selectiveDisclosure: false },
      c: { mapFrom: 'claims.c', selectiveDisclosureOfElements: true },
    };
    expect(faults(mappings)).toEqual(['a.selectiveDisclosure', 'c.selectiveDisclosureOfElements']);
    expect(faults(mappings, true)).toEqual(['c.selectiveDisclosureOfElements']);
  });
});
