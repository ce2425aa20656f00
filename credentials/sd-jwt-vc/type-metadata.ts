import { createHash } from 'node:crypto';
import type { SdJwtConfigurationDocument } from '../../store/configuration-documents.js';
import type { DisplayDocument } from '../../store/documents.js';
import type { ClaimDisplay } from '../claim-mapping.js';
import { claimTree, descendants, isAlwaysPresent, type ClaimNode } from '../claim-tree.js';
import { displaysOf } from '../display.js';
import { vctOf } from './vct.js';

/** BCP 47's way to say that a text's language is not known; the member is required here. */
const NO_LOCALE = 'und';

/**
 * The SD-JWT VC type metadata of a configuration, in the form of draft 13 (SDV-09), served at its `vct`.
 */
export function typeMetadata({
  configuration,
  issuerIdentifier,
}: {
  configuration: SdJwtConfigurationDocument;
  issuerIdentifier: string;
}): Readonly<Record<string, unknown>> {
  const displays = displaysOf(configuration);
  const claims = [...descendants(claimTree(configuration.claimMappings))].flatMap(describeClaim);
  const { name, description } = displays[0] ?? { name: configuration.type };
  return {
    vct: vctOf({ configuration, issuerIdentifier }),
    name,
    ...(description === undefined ? {} : { description }),
    display: displays.map(describeDisplay),
    ...(claims.length === 0 ? {} : { claims }),
  };
}

/** The `vct#integrity` of the type metadata (SDV-10): of the very bytes that are served, `JSON.stringify` of the document. */
export function typeMetadataIntegrity(about: Parameters<typeof typeMetadata>[0]): string {
  return `sha256-${createHash('sha256')
    .update(JSON.stringify(typeMetadata(about)))
    .digest('base64')}`;
}

function describeDisplay({
  locale,
  name,
  description,
  logo,
  backgroundColor,
  textColor,
  backgroundImage,
}: DisplayDocument): Record<string, unknown> {
  const simple = {
    ...(logo === undefined ? {} : { logo: { uri: logo.uri, ...(logo.altText === undefined ? {} : { alt_text: logo.altText }) } }),
    ...(backgroundImage === undefined ? {} : { background_image: { uri: backgroundImage.uri } }),
    ...(backgroundColor === undefined ? {} : { background_color: backgroundColor }),
    ...(textColor === undefined ? {} : { text_color: textColor }),
  };
  return {
    locale: locale ?? NO_LOCALE,
    name,
    ...(description === undefined ? {} : { description }),
    ...(Object.keys(simple).length === 0 ? {} : { rendering: { simple } }),
  };
}

interface ClaimDescription {
  readonly path: readonly (string | null)[];
  readonly sd: 'always' | 'never';
  readonly mandatory?: true;
  readonly display?: readonly { readonly locale: string; readonly label: string; readonly description?: string }[];
}

/** A claim and, where they are disclosed one by one, its elements; `sd` is what the credential does (SDV-11). */
function describeClaim(node: ClaimNode): ClaimDescription[] {
  const { path, mapping } = node;
  if (mapping === undefined) return [];
  const display = (mapping.display ?? []).map(describeLabel);
  return [
    {
      path,
      sd: mapping.selectiveDisclosure === false ? 'never' : 'always',
      ...(isAlwaysPresent(node) ? { mandatory: true as const } : {}),
      ...(display.length === 0 ? {} : { display }),
    },
    ...(mapping.selectiveDisclosureOfElements === true ? [{ path: [...path, null], sd: 'always' as const }] : []),
  ];
}

function describeLabel({ name, locale, description }: ClaimDisplay): { locale: string; label: string; description?: string } {
  return { locale: locale ?? NO_LOCALE, label: name, ...(description === undefined ? {} : { description }) };
}
