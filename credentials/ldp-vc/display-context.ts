import type { WebSemanticConfigurationDocument } from '../../store/configuration-documents.js';
import type { JsonObject } from '../verifiable-credential/credential-document.js';

/** MATTR's own context for how credentials look. Its content is not published where we could pin it; issuers may upload it. */
const MATTR_EXTENSIONS = 'https://mattr.global/contexts/vc-extensions/v2';

/** Where W3C sends terms that an issuer makes up. */
const ISSUER_DEPENDENT = 'https://www.w3.org/ns/credentials/issuer-dependent#';

const BRANDING_TERMS = {
  logoUrl: `${ISSUER_DEPENDENT}logoUrl`,
  iconUrl: `${ISSUER_DEPENDENT}iconUrl`,
  credentialBranding: {
    '@id': `${ISSUER_DEPENDENT}credentialBranding`,
    '@context': {
      backgroundColor: `${ISSUER_DEPENDENT}backgroundColor`,
      watermarkImageUrl: `${ISSUER_DEPENDENT}watermarkImageUrl`,
    },
  },
} as const;

/** VCDM 2.0 has these in its core context, with the same meaning. */
const NAME_TERMS = { name: 'https://schema.org/name', description: 'https://schema.org/description' } as const;

/** Defines, inside the credential, what says how it looks; nothing where a context of the configuration is to do so. */
export function displayContexts({
  vcdmVersion,
  contexts,
}: Pick<WebSemanticConfigurationDocument, 'vcdmVersion' | 'contexts'>): JsonObject[] {
  if (contexts.includes(MATTR_EXTENSIONS)) return [];
  return [{ '@version': 1.1, ...(vcdmVersion === '1.1' ? NAME_TERMS : {}), ...BRANDING_TERMS }];
}

/** What a credential says about how it looks, and about its issuer (product.md 6.4). */
export function shownMembers({
  name,
  description,
  credentialBranding,
}: Pick<WebSemanticConfigurationDocument, 'name' | 'description' | 'credentialBranding'>): JsonObject {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(credentialBranding === undefined ? {} : { credentialBranding }),
  };
}
