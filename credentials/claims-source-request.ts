import type { RequestParameterMapping } from '../store/documents.js';
import { ClaimPathError, parseClaimPath, valueAt, type ClaimPath } from './claim-path.js';

export type RequestParameters = Readonly<Record<string, RequestParameterMapping>>;

/** What parameters are mapped from. */
export interface RequestParameterSource {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly credentialConfiguration: object;
}

/**
 * The parameters of a request to a claims source, in the three modes: `mapFrom` alone is left out where it finds nothing,
 * `mapFrom` with `defaultValue` falls back, `defaultValue` alone is fixed. `null` counts as nothing.
 *
 * @throws {ClaimPathError} for mappings that `checkRequestParameters` finds fault with
 */
export function claimsSourceParameters({
  requestParameters,
  source,
}: {
  requestParameters: RequestParameters;
  source: RequestParameterSource;
}): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(requestParameters).flatMap(([name, { mapFrom, defaultValue }]) => {
      const value = (mapFrom === undefined ? undefined : valueAt(source, parseRoot(mapFrom))) ?? defaultValue ?? undefined;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Every fault of a claims source's parameters, as the parameter's name and a sentence without its subject. */
export function checkRequestParameters(requestParameters: RequestParameters): { parameter: string; message: string }[] {
  return Object.entries(requestParameters).flatMap(([parameter, { mapFrom, defaultValue }]) => {
    if (mapFrom === undefined) {
      return (defaultValue ?? undefined) === undefined ? [{ parameter, message: 'needs mapFrom or defaultValue' }] : [];
    }
    try {
      parseRoot(mapFrom);
      return [];
    } catch (error) {
      if (error instanceof ClaimPathError) return [{ parameter, message: error.message }];
      throw error;
    }
  });
}

function parseRoot(mapFrom: string): ClaimPath {
  const path = parseClaimPath(mapFrom);
  if ((path[0] !== 'claims' && path[0] !== 'credentialConfiguration') || path.length < 2) {
    throw new ClaimPathError('must begin with claims. or credentialConfiguration.');
  }
  return path;
}
