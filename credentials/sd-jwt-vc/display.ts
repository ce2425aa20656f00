import type { CredentialConfigurationDocument, DisplayDocument } from '../../store/documents.js';

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
