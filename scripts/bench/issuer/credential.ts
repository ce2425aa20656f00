/** The credential's `vct`. */
export const BENCH_TYPE = 'urn:chancery:bench:person';

/** Claims of an invented person: plain, nested and array claims, the size of a usual identity credential. */
export const BENCH_CLAIMS = {
  given_name: 'Erika',
  family_name: 'Mustermann',
  birthdate: '1984-01-26',
  address: { street_address: 'Heidestrasse 17', locality: 'Koeln', country: 'DE' },
  nationalities: ['DE', 'NZ'],
};

/** How they get into the credential: each selectively disclosable. */
export const BENCH_MAPPINGS = {
  given_name: { mapFrom: 'claims.given_name', required: true },
  family_name: { mapFrom: 'claims.family_name', required: true },
  birthdate: { mapFrom: 'claims.birthdate' },
  'address.street_address': { mapFrom: 'claims.address.street_address' },
  'address.locality': { mapFrom: 'claims.address.locality' },
  'address.country': { mapFrom: 'claims.address.country' },
  nationalities: { mapFrom: 'claims.nationalities', selectiveDisclosureOfElements: true },
};
