import { ApplicationFailure } from '@temporalio/common';
import type { ClaimsSource } from '../credentials/claim-mapping.js';
import { parseClaimPath } from '../credentials/claim-path.js';
import { formatOf } from '../credentials/formats.js';
import type { CredentialConfigurationDocument } from '../store/configuration-documents.js';
import type { ClaimOrigin, IssuanceDocument } from '../store/documents.js';
import type { ActivityDependencies } from './dependencies.js';
import { collectedClaims, knownHolder, mergeLayers, type Claims } from './session-claims.js';

/** The credential's claims, and which source each known claim that it maps is from. */
export interface FoundClaims {
  readonly claims: Claims;
  readonly source: ClaimsSource;
  readonly origins: Readonly<Record<string, ClaimOrigin>>;
}

/**
 * Maps what is known of the session's holder to the claims of a credential.
 *
 * @throws {ApplicationFailure} `ClaimsMissing` or `ClaimsRejected`, naming claims and never values
 */
export async function claimsFor(
  dependencies: ActivityDependencies,
  session: IssuanceDocument,
  configuration: CredentialConfigurationDocument,
): Promise<FoundClaims> {
  const { layers, authenticationProvider } = await knownHolder(dependencies, session);
  const known = mergeLayers([...layers, collectedClaims(dependencies, session, configuration.claimSourceId)]);
  const source = { claims: known.claims, ...(authenticationProvider === undefined ? {} : { authenticationProvider }) };
  const format = formatOf(configuration);
  const { claims, missing, unusable } = format.mapClaims({ configuration, source });
  if (unusable.length > 0) {
    throw ApplicationFailure.nonRetryable(
      `claims have values that no credential can carry: ${unusable.join(', ')}`,
      'ClaimsRejected',
    );
  }
  const paths = format.sourcePaths(configuration);
  if (missing.length > 0) {
    const givers = [...new Set(Object.values(known.origins))].join(', ');
    const asked = missing.map((name) => `${name} (${paths.get(name) ?? 'no mapFrom'})`).join(', ');
    throw ApplicationFailure.nonRetryable(
      `required claims have no value: ${asked}; sources that gave any: ${givers === '' ? 'none' : givers}`,
      'ClaimsMissing',
    );
  }
  return { claims, source, origins: mappedOrigins(known.origins, [...paths.values()]) };
}

/** Of the claims that the configuration maps: names of others are the holder's own, and nobody has asked for them. */
function mappedOrigins(origins: FoundClaims['origins'], paths: readonly string[]): FoundClaims['origins'] {
  const names = new Set(paths.flatMap(claimNameOf));
  return Object.fromEntries(Object.entries(origins).filter(([name]) => names.has(name)));
}

/** `name` of `claims.name.member`. */
function claimNameOf(mapFrom: string): readonly (string | number)[] {
  const [root, name] = parseClaimPath(mapFrom);
  return root === 'claims' && name !== undefined ? [name] : [];
}
