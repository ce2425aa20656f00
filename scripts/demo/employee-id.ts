/**
 * An SD-JWT VC credential configuration for the demo of the authorization code flow: names and number come from the
 * provider, the department from the interaction hook, title and access from the claims source.
 */
export const EMPLOYEE_ID_CONFIGURATION = {
  type: 'urn:chancery:demo:employee-id',
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
      selectiveDisclosure: false,
      display: [
        { name: 'Employee number', locale: 'en' },
        { name: 'Personalnummer', locale: 'de' },
      ],
    },
    department: {
      mapFrom: 'claims.department',
      display: [
        { name: 'Department', locale: 'en' },
        { name: 'Abteilung', locale: 'de' },
      ],
    },
    job_title: {
      mapFrom: 'claims.job_title',
      display: [
        { name: 'Job title', locale: 'en' },
        { name: 'Tätigkeit', locale: 'de' },
      ],
    },
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
    {
      name: 'Employee ID',
      locale: 'en',
      description: 'A demo credential for whoever logs in',
      backgroundColor: '#3b2f63',
      textColor: '#ffffff',
    },
    {
      name: 'Mitarbeiterausweis',
      locale: 'de',
      description: 'Ein Nachweis zum Ausprobieren, mit Anmeldung',
      backgroundColor: '#3b2f63',
      textColor: '#ffffff',
    },
  ],
} as const;
