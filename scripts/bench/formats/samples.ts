import type { CredentialConfigurationDocument, LinkedDataProofType } from '../../../store/configuration-documents.js';

const NAMES = [
  'given_name',
  'family_name',
  'birth_place',
  'nationality',
  'document_number',
  'issuing_authority',
  'email',
  'phone',
  'street',
  'city',
];
const CONTEXT = 'https://issuer.example/contexts/bench';

/** Ten claims of text, the same for every format. */
export const CLAIMS = Object.fromEntries(NAMES.map((name) => [name, `the ${name} of somebody`]));
export const CONTEXTS = new Map([
  [
    CONTEXT,
    JSON.stringify({
      '@context': Object.fromEntries(['Person', ...NAMES].map((term) => [term, `https://issuer.example/terms#${term}`])),
    }),
  ],
]);

const mappings = Object.fromEntries(NAMES.map((name) => [name, { mapFrom: `claims.${name}` }]));
const common = {
  _id: '6a0b1b3e-3f0a-4c55-9a2e-4b1c6a2f7d10',
  issuerId: 'default',
  expiresIn: { years: 1 },
  holderBinding: true,
  createdAt: new Date(0),
  updatedAt: new Date(0),
} as const;
const w3c = {
  ...common,
  type: 'Person',
  additionalTypes: [],
  contexts: [CONTEXT],
  claimMappings: mappings,
  vcdmVersion: '1.1',
  includeId: true,
} as const;

const linkedData = (proofType: LinkedDataProofType): CredentialConfigurationDocument => ({
  ...w3c,
  profile: 'web-semantic',
  name: 'Person',
  issuer: { name: 'Bench' },
  proofType,
  persist: false,
});

/** What is measured, by name: the first is what the others are held against. */
export const SAMPLES: readonly (readonly [name: string, configuration: CredentialConfigurationDocument])[] = [
  ['dc+sd-jwt', { ...common, profile: 'sd-jwt', type: 'urn:bench', claimMappings: mappings }],
  ['mso_mdoc', { ...common, profile: 'mobile', type: 'org.example.bench.1', claimMappings: { 'org.example.bench': mappings } }],
  ['jwt_vc_json', { ...w3c, contexts: [], profile: 'jwt' }],
  ['ldp_vc, Ed25519Signature2018', linkedData('Ed25519Signature2018')],
  ['ldp_vc, eddsa-rdfc-2022', linkedData('eddsa-rdfc-2022')],
  ['ldp_vc, ecdsa-rdfc-2019', linkedData('ecdsa-rdfc-2019')],
  ['ldp_vc, ecdsa-sd-2023', linkedData('ecdsa-sd-2023')],
  ['cwt', { ...common, profile: 'compact', type: 'Person', claimMappings: mappings, holderBinding: false }],
  ['cwt_vc', { ...common, profile: 'compact-semantic', type: 'Person', claimMappings: mappings, holderBinding: false }],
];
