export const REVOCATION_LIST_2020_CONTEXT = 'https://w3id.org/vc-revocation-list-2020/v1';

const VOCABULARY = 'https://w3id.org/vc-revocation-list-2020#';
const ALIASES = { '@protected': true, id: '@id', type: '@type' } as const;

/**
 * The context of Revocation List 2020 as the W3C Credentials Community Group published it (in w3c/vc-bitstring-status-list,
 * `contexts/vc-revocation-list-2020/v1.jsonld`). Signatures depend on every term.
 */
export const revocationList2020Context = {
  '@context': {
    '@version': 1.1,
    '@protected': true,
    RevocationList2020Credential: {
      '@id': `${VOCABULARY}RevocationList2020Credential`,
      '@context': {
        '@version': 1.1,
        ...ALIASES,
        description: 'http://schema.org/description',
        name: 'http://schema.org/name',
      },
    },
    RevocationList2020: {
      '@id': `${VOCABULARY}RevocationList2020`,
      '@context': { '@version': 1.1, ...ALIASES, encodedList: `${VOCABULARY}encodedList` },
    },
    RevocationList2020Status: {
      '@id': `${VOCABULARY}RevocationList2020Status`,
      '@context': {
        '@version': 1.1,
        ...ALIASES,
        revocationListCredential: { '@id': `${VOCABULARY}revocationListCredential`, '@type': '@id' },
        revocationListIndex: `${VOCABULARY}revocationListIndex`,
      },
    },
  },
} as const;
