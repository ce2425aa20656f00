import { describe, expect, it } from 'vitest';
import { foreignElements } from '../../../credentials/mso-mdoc/mdl-rules.js';

const MDL = 'org.iso.18013.5.1';
const stated = (elements: Readonly<Record<string, unknown>>, namespace = MDL) =>
  Object.entries(elements).map(([element, value]) => ({ element: { namespace, element }, value }));

describe('what a driving licence says of where it was issued (ISO 18013-5 9.3.1)', () => {
  const LICENCE = { issuing_country: 'NZ', issuing_jurisdiction: 'NZ-WGN', given_name: 'Aroha' };

  it.each([
    ['the same country and state', { country: 'NZ', stateOrProvinceName: 'NZ-WGN' }, []],
    ['the same country, bound to no state', { country: 'NZ' }, []],
    ['another country', { country: 'AU' }, ['issuing_country']],
    ['another state', { country: 'NZ', stateOrProvinceName: 'NZ-AUK' }, ['issuing_jurisdiction']],
    ['both', { country: 'AU', stateOrProvinceName: 'AU-VIC' }, ['issuing_country', 'issuing_jurisdiction']],
  ])('is compared with a certificate of %s', (_certificate, place, foreign) => {
    expect(foreignElements(stated(LICENCE), place)).toEqual(foreign);
  });

  it('may be left out, and other namespaces mean something else by these names', () => {
    expect(foreignElements(stated({ given_name: 'Aroha' }), { country: 'AU' })).toEqual([]);
    expect(foreignElements(stated(LICENCE, 'org.example.1'), { country: 'AU' })).toEqual([]);
  });
});
