import { claimTree, type ClaimNode } from '../../../credentials/claim-tree.js';
import type { CredentialConfigurationDocument, IssuerDocument } from '../../../store/documents.js';
import { inLanguage, matchLanguage } from './languages.js';
import type { CredentialSummary, IssuerBranding } from './page-contents.js';

type Described = Pick<CredentialConfigurationDocument, 'type' | 'claimMappings' | 'branding' | 'display'>;

/**
 * The issuer in the reader's language.
 *
 * @param languages BCP 47 tags, the best first: `readerLanguages`
 */
export function issuerBranding(
  { name, display }: Pick<IssuerDocument, 'name' | 'display'>,
  languages: readonly string[],
): IssuerBranding {
  const shown = inLanguage(display, languages);
  return {
    name: shown?.name ?? name,
    ...(shown?.logo === undefined ? {} : { logo: shown.logo }),
    ...(shown?.backgroundColor === undefined ? {} : { backgroundColor: shown.backgroundColor }),
    ...(shown?.textColor === undefined ? {} : { textColor: shown.textColor }),
  };
}

/**
 * The credentials in the reader's language, with the names of the claims they will hold.
 *
 * @param options.languages BCP 47 tags, the best first: `readerLanguages`
 */
export function credentialSummaries({
  configurations,
  languages,
}: {
  configurations: readonly Described[];
  languages: readonly string[];
}): CredentialSummary[] {
  return configurations.map(({ type, branding, display = [], claimMappings }) => {
    const shown = matchLanguage(display, languages) ?? (branding === undefined ? display[0] : undefined);
    const description = shown?.description ?? branding?.description;
    const logo = shown?.logo ?? (branding?.issuerLogo === undefined ? undefined : { uri: branding.issuerLogo });
    return {
      name: shown?.name ?? branding?.name ?? type,
      ...(description === undefined ? {} : { description }),
      ...(logo === undefined ? {} : { logo }),
      claims: claimNames(claimTree(claimMappings), languages),
    };
  });
}

/** An object around claims that are mapped apart is not named: its members are, with its name before theirs. */
function claimNames(node: ClaimNode, languages: readonly string[], around: readonly string[] = []): string[] {
  return [...node.children.values()].flatMap((child) => {
    const named = inLanguage(child.mapping?.display ?? [], languages)?.name;
    const path = [...around, named ?? (child.path.at(-1) ?? '').replaceAll('_', ' ')];
    if (child.children.size > 0) return claimNames(child, languages, path);
    return [named ?? path.join(': ')];
  });
}
