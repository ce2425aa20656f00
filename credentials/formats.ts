import type { CredentialConfigurationDocument, CredentialProfile } from '../store/configuration-documents.js';
import type { CredentialFormat } from './credential-format.js';
import { cwt } from './cwt/format.js';
import { jwtVcJson } from './jwt-vc-json/format.js';
import { ldpVc } from './ldp-vc/format.js';
import { msoMdoc } from './mso-mdoc/format.js';
import { sdJwtVc } from './sd-jwt-vc/format.js';

/** Every format, by the profiles it serves. */
const FORMATS = [sdJwtVc, msoMdoc, jwtVcJson, ldpVc, cwt] as const;

const byProfile: ReadonlyMap<CredentialProfile, CredentialFormat> = new Map(
  FORMATS.flatMap((format) => format.profiles.map((profile) => [profile, format as unknown as CredentialFormat] as const)),
);

/**
 * The format of a configuration. It takes configurations of its own profiles only.
 *
 * @throws {TypeError} for a profile of no format: a record of a later version
 */
export function formatOf({ profile }: Pick<CredentialConfigurationDocument, 'profile'>): CredentialFormat {
  const format = byProfile.get(profile);
  if (format === undefined) throw new TypeError(`there is no credential format for the profile ${profile}`);
  return format;
}
