import { formatOf } from '../../../credentials/formats.js';
import type { ShownClaim } from '../../../credentials/shown-claims.js';
import type { CredentialConfigurationDocument } from '../../../store/configuration-documents.js';
import type { IssuerDocument } from '../../../store/documents.js';
import { inLanguage, matchLanguage } from './languages.js';
import type { CredentialSummary, IssuerBranding } from './page-contents.js';

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
  configurations: readonly CredentialConfigurationDocument[];
  languages: readonly string[];
}): CredentialSummary[] {
  return configurations.map((configuration) => {
    const { type, branding, display = [] } = configuration;
    const shown = matchLanguage(display, languages) ?? (branding === undefined ? display[0] : undefined);
    const description = shown?.description ?? branding?.description;
    const logo = shown?.logo ?? (branding?.issuerLogo === undefined ? undefined : { uri: branding.issuerLogo });
    return {
      name: shown?.name ?? branding?.name ?? type,
      ...(description === undefined ? {} : { description }),
      ...(logo === undefined ? {} : { logo }),
      claims: formatOf(configuration)
        .shownClaims(configuration)
        .map((claim) => claimName(claim, languages)),
    };
  });
}

/** What the claim is called, or its path. */
function claimName(claim: ShownClaim, languages: readonly string[]): string {
  const names = claim.map(({ member, display }) => ({ member, named: inLanguage(display, languages)?.name }));
  return names.at(-1)?.named ?? names.map(({ member, named }) => named ?? member.replaceAll('_', ' ')).join(': ');
}
