import type { CredentialConfigurationDocument } from '../store/configuration-documents.js';
import type { DisplayDocument } from '../store/documents.js';

type Displayed = Pick<CredentialConfigurationDocument, 'type' | 'display' | 'branding'>;

/** How a credential looks, one entry per language. What an entry leaves open comes from the branding. */
export function displaysOf({ type, display = [], branding }: Displayed): DisplayDocument[] {
  const logo = branding?.issuerLogo ?? branding?.issuerIcon;
  const look = {
    ...(branding?.backgroundColor === undefined ? {} : { backgroundColor: branding.backgroundColor }),
    ...(branding?.textColor === undefined ? {} : { textColor: branding.textColor }),
    ...(branding?.watermarkImage === undefined ? {} : { backgroundImage: { uri: branding.watermarkImage } }),
    ...(logo === undefined ? {} : { logo: { uri: logo } }),
  };
  if (display.length > 0) return display.map((entry) => ({ ...look, ...entry }));
  const { name = type, description } = branding ?? {};
  return [{ ...look, name, ...(description === undefined ? {} : { description }) }];
}

/** An entry as credential metadata shows it (OID4VCI 12.2.4). */
export function describeDisplay(entry: DisplayDocument): Record<string, unknown> {
  const { name, locale, description, logo, backgroundColor, textColor, backgroundImage } = entry;
  return {
    name,
    ...(locale === undefined ? {} : { locale }),
    ...(description === undefined ? {} : { description }),
    ...(logo === undefined ? {} : { logo: { uri: logo.uri, ...(logo.altText === undefined ? {} : { alt_text: logo.altText }) } }),
    ...(backgroundColor === undefined ? {} : { background_color: backgroundColor }),
    ...(textColor === undefined ? {} : { text_color: textColor }),
    ...(backgroundImage === undefined ? {} : { background_image: { uri: backgroundImage.uri } }),
  };
}
