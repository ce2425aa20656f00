import type { MobileConfigurationDocument } from '../../store/configuration-documents.js';
import type { ClaimsSource, MappedClaims } from '../claim-mapping.js';
import { valueAt } from '../claim-path.js';
import { mobileElements, valueOf, type MobileElement } from './mobile-elements.js';
import { mappedTimes } from './mapped-times.js';

/**
 * The claims of an mdoc, JSON by namespace and element. `null` counts as no value. `missing` and `unusable` name claims as
 * `<namespace>/<element>`, and mapped times as `validFrom` and `validUntil`.
 *
 * @throws {ClaimPathError} for mappings that `checkMobileMappings` finds fault with
 */
export function mapMobileClaims({
  configuration,
  source,
}: {
  configuration: MobileConfigurationDocument;
  source: ClaimsSource;
}): MappedClaims {
  const missing: string[] = [];
  const unusable: string[] = [];
  const claims = new Map<string, [string, unknown][]>();
  for (const element of mobileElements(configuration.claimMappings)) {
    const value = mappedValue(element, source);
    const { name, namespace, mapping } = element;
    if (value === undefined) {
      if (mapping.required === true) missing.push(name);
    } else if (valueOf(element, value) === undefined) {
      unusable.push(name);
    } else {
      claims.set(namespace, [...(claims.get(namespace) ?? []), [element.element, value]]);
    }
  }
  unusable.push(...mappedTimes(configuration, source).unusable);
  const byNamespace = [...claims].map(([namespace, members]) => [namespace, Object.fromEntries(members)] as const);
  return { claims: Object.fromEntries(byNamespace), missing, unusable };
}

/** By claim name its `mapFrom`; mapped times too. */
export function mobileSourcePaths({
  claimMappings,
  validFrom,
  validUntil,
}: MobileConfigurationDocument): ReadonlyMap<string, string> {
  return new Map([
    ...mobileElements(claimMappings).flatMap(({ name, mapping: { mapFrom } }) =>
      mapFrom === undefined ? [] : [[name, mapFrom] as const],
    ),
    ...(validFrom === undefined ? [] : [['validFrom', validFrom.mapFrom] as const]),
    ...(validUntil === undefined ? [] : [['validUntil', validUntil.mapFrom] as const]),
  ]);
}

function mappedValue({ source: path, mapping }: MobileElement, source: ClaimsSource): unknown {
  return (path === undefined ? undefined : valueAt(source, path)) ?? mapping.defaultValue ?? undefined;
}
