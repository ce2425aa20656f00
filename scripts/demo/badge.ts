/** An SD-JWT VC credential configuration for the demo: nested and array claims, display in two languages. */
export const BADGE_CONFIGURATION = {
  type: 'urn:chancery:demo:employee-badge',
  claimMappings: {
    given_name: {
      mapFrom: 'claims.given_name',
      required: true,
      display: [
        { name: 'Given name', locale: 'en' },
        { name: 'Vorname', locale: 'de' },
      ],
    },
    family_name: {
      mapFrom: 'claims.family_name',
      required: true,
      display: [
        { name: 'Family name', locale: 'en' },
        { name: 'Familienname', locale: 'de' },
      ],
    },
    employee_number: {
      mapFrom: 'claims.employee_number',
      required: true,
      selectiveDisclosure: false,
      display: [
        { name: 'Employee number', locale: 'en' },
        { name: 'Personalnummer', locale: 'de' },
      ],
    },
    employer: { defaultValue: 'Kauri Instruments', selectiveDisclosure: false },
    department: { selectiveDisclosure: true },
    'department.name': { mapFrom: 'claims.department.name' },
    'department.site': { mapFrom: 'claims.department.site' },
    access_areas: {
      mapFrom: 'claims.access_areas',
      selectiveDisclosure: false,
      selectiveDisclosureOfElements: true,
      display: [
        { name: 'Access to', locale: 'en' },
        { name: 'Zutritt zu', locale: 'de' },
      ],
    },
  },
  expiresIn: { years: 1 },
  display: [
    { name: 'Employee badge', locale: 'en', description: 'A demo credential', backgroundColor: '#12423f', textColor: '#ffffff' },
    {
      name: 'Dienstausweis',
      locale: 'de',
      description: 'Ein Nachweis zum Ausprobieren',
      backgroundColor: '#12423f',
      textColor: '#ffffff',
    },
  ],
} as const;

/** Claims of an invented person. */
export const BADGE_CLAIMS = {
  given_name: 'Aroha',
  family_name: 'Lindqvist',
  employee_number: '004711',
  department: { name: 'Calibration', site: 'Wellington' },
  access_areas: ['main entrance', 'laboratory 2', 'roof terrace'],
} as const;
