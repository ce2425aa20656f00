import type { SdJwtConfigurationDocument } from '../../store/configuration-documents.js';

const ABSOLUTE_URI = /^(?:https?:\/\/[^\s/?#]|urn:[a-z0-9][a-z0-9-]{0,31}:\S)/i;

/**
 * The `vct` of a configuration (SDV-02): its type where that is an absolute URI, else an address under the issuer, where
 * the type metadata is served (SDV-09).
 */
export function vctOf({
  configuration,
  issuerIdentifier,
}: {
  configuration: Pick<SdJwtConfigurationDocument, 'type'>;
  issuerIdentifier: string;
}): string {
  const { type } = configuration;
  // The round trip replaces lone surrogates, on which encodeURIComponent would throw.
  return ABSOLUTE_URI.test(type) ? type : `${issuerIdentifier}/vct/${encodeURIComponent(Buffer.from(type).toString())}`;
}
