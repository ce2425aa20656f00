import { contexts as credentialsContexts } from '@digitalbazaar/credentials-context';
import { contexts as dataIntegrityContexts } from '@digitalbazaar/data-integrity-context';
import { REVOCATION_LIST_2020_CONTEXT, revocationList2020Context } from './revocation-list-2020-context.js';

export const DATA_INTEGRITY_CONTEXT = 'https://w3id.org/security/data-integrity/v2';

/**
 * The contexts that are built in, by URL: nothing is fetched at issuance. Those of VCDM (1.1, 2.0, and the one that takes
 * every term) and of Data Integrity are the published ones, as Digital Bazaar packages them.
 */
export const PINNED_CONTEXTS: ReadonlyMap<string, { readonly '@context': Readonly<Record<string, unknown>> }> = new Map([
  ...credentialsContexts,
  ...dataIntegrityContexts,
  [REVOCATION_LIST_2020_CONTEXT, revocationList2020Context],
]);
