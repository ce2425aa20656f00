import type { WebSemanticConfigurationDocument } from '../../store/configuration-documents.js';
import { CORE_CONTEXTS } from '../verifiable-credential/core-context.js';
import type { CredentialDocument, JsonObject } from '../verifiable-credential/credential-document.js';
import { displayContexts } from './display-context.js';
import { DATA_INTEGRITY_CONTEXT, PINNED_CONTEXTS } from './pinned-contexts.js';
import { REVOCATION_LIST_2020_CONTEXT } from './revocation-list-2020-context.js';

/**
 * The `@context` of a configuration's credentials: the core, what the proof needs, how it looks, the configuration's own, and
 * what the status needs. The core context of VCDM 2.0 has the terms of Data Integrity and Bitstring Status List itself.
 */
export function credentialContexts(configuration: WebSemanticConfigurationDocument): CredentialDocument['@context'] {
  const { vcdmVersion, contexts, proofType } = configuration;
  const isDataIntegrity = proofType !== 'Ed25519Signature2018';
  return [
    CORE_CONTEXTS[vcdmVersion],
    ...(isDataIntegrity && vcdmVersion === '1.1' ? [DATA_INTEGRITY_CONTEXT] : []),
    ...displayContexts(configuration),
    ...contexts,
    // As MATTR does, whether revocable or not.
    ...(isDataIntegrity ? [] : [REVOCATION_LIST_2020_CONTEXT]),
    ...(isDataIntegrity && vcdmVersion === '1.1' && configuration.status !== undefined ? [bitstringStatusContext()] : []),
  ];
}

/** The entry's definition in VCDM 2.0, to be put into a credential of VCDM 1.1: verifiers then have nothing to look up. */
function bitstringStatusContext(): JsonObject {
  const terms = PINNED_CONTEXTS.get(CORE_CONTEXTS['2.0'])?.['@context'];
  return { '@version': 1.1, '@protected': true, BitstringStatusListEntry: terms?.BitstringStatusListEntry };
}
