import { MDL, MDL_NAMESPACE } from './test-mdoc.js';

/** A JPEG of 8 by 8 pixels is enough of a portrait. */
export const PORTRAIT = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) % 256)).toString('base64');

const AGES = ['age_over_16', 'age_over_18', 'age_over_21', 'age_over_65'];

/** What creates the configuration of a driving licence: every mandatory element (MDC-09), and ages. */
export const DRIVING_LICENCE = {
  type: MDL,
  expiresIn: { months: 12 },
  claimMappings: {
    [MDL_NAMESPACE]: {
      family_name: { mapFrom: 'claims.family_name', required: true },
      given_name: { mapFrom: 'claims.given_name', required: true },
      birth_date: { mapFrom: 'claims.birth_date', required: true, type: 'fullDate' },
      issue_date: { mapFrom: 'claims.issued', required: true, type: 'fullDate' },
      expiry_date: { mapFrom: 'claims.expires', required: true, type: 'fullDate' },
      issuing_country: { defaultValue: 'NZ' },
      issuing_authority: { defaultValue: 'Waka Kotahi' },
      document_number: { mapFrom: 'claims.number', required: true },
      portrait: { mapFrom: 'claims.portrait', required: true, type: 'bytes' },
      driving_privileges: { mapFrom: 'claims.privileges', required: true, type: 'drivingPrivileges' },
      un_distinguishing_sign: { defaultValue: 'NZ' },
      portrait_capture_date: { mapFrom: 'claims.photographed', type: 'dateTime' },
      height: { mapFrom: 'claims.height', type: 'int' },
      ...Object.fromEntries(AGES.map((age) => [age, { mapFrom: `claims.${age}`, type: 'boolean' } as const])),
    },
  },
} as const;

export const DRIVER = {
  family_name: 'Tāmati',
  given_name: 'Aroha',
  birth_date: '1999-02-28',
  issued: '2024-02-29',
  expires: '2034-02-28',
  number: 'DL-000123',
  portrait: `data:image/jpeg;base64,${PORTRAIT}`,
  privileges: [
    {
      vehicle_category_code: 'B',
      issue_date: '2017-05-01',
      expiry_date: '2034-02-28',
      codes: [{ code: '01.06' }, { code: 'S01', sign: '<=', value: '2500' }],
    },
    { vehicle_category_code: 'A1', issue_date: '2019-01-31' },
  ],
  photographed: '2024-02-29T10:15:30.250+13:00',
  height: 172,
  age_over_16: true,
  age_over_18: true,
  age_over_21: true,
  age_over_65: false,
};

/** What a verifier reads of it. */
export const LICENCE_VALUES = {
  [MDL_NAMESPACE]: {
    family_name: 'Tāmati',
    given_name: 'Aroha',
    birth_date: '1999-02-28',
    issue_date: '2024-02-29',
    expiry_date: '2034-02-28',
    issuing_country: 'NZ',
    issuing_authority: 'Waka Kotahi',
    document_number: 'DL-000123',
    portrait: PORTRAIT,
    driving_privileges: DRIVER.privileges,
    un_distinguishing_sign: 'NZ',
    portrait_capture_date: '2024-02-28T21:15:30Z',
    height: 172,
    age_over_16: true,
    age_over_18: true,
    age_over_21: true,
    age_over_65: false,
  },
};
