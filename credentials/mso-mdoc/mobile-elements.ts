import type { MobileClaimMapping, MobileConfigurationDocument, MobileValueType } from '../../store/configuration-documents.js';
import { parseClaimPath, type ClaimPath } from '../claim-path.js';
import type { CborValue } from './cbor.js';
import { elementValue } from './element-value.js';
import { fitsMdl } from './mdl-rules.js';

type Mappings = MobileConfigurationDocument['claimMappings'];

/** One data element of a configuration. */
export interface MobileElement {
  /** What the claim is called: `<namespace>/<element>`. Elements have no slash in their names, so no two claims share one. */
  readonly name: string;
  readonly namespace: string;
  readonly element: string;
  readonly type: MobileValueType;
  readonly mapping: MobileClaimMapping;
  /** Where its value lies in the source. */
  readonly source?: ClaimPath;
}

const derived = new WeakMap<Mappings, readonly MobileElement[]>();

/**
 * The data elements of a configuration in the order of its mappings; made once per mappings object.
 *
 * @throws {ClaimPathError} for mappings that `checkMobileMappings` finds fault with
 */
export function mobileElements(mappings: Mappings): readonly MobileElement[] {
  const known = derived.get(mappings);
  if (known !== undefined) return known;
  const elements = Object.entries(mappings).flatMap(([namespace, byElement]) =>
    Object.entries(byElement).map(([element, mapping]) => elementOf(namespace, element, mapping)),
  );
  derived.set(mappings, elements);
  return elements;
}

/**
 * The value of an element as CBOR writes it.
 *
 * @param value JSON
 * @returns `undefined` where no credential can carry it
 */
export function valueOf(
  { namespace, element, type }: Pick<MobileElement, 'namespace' | 'element' | 'type'>,
  value: unknown,
): CborValue | undefined {
  const fits = type !== 'string' || fitsMdl({ namespace, element, value });
  return fits ? elementValue(type, value) : undefined;
}

/** Whether every credential has it (OID4VCI B.2 `mandatory`). */
export function isAlwaysThere({ mapping: { required, defaultValue } }: MobileElement): boolean {
  return required === true || (defaultValue ?? undefined) !== undefined;
}

function elementOf(namespace: string, element: string, mapping: MobileClaimMapping): MobileElement {
  const { type = 'string', mapFrom } = mapping;
  const common = { name: `${namespace}/${element}`, namespace, element, type, mapping };
  return mapFrom === undefined ? common : { ...common, source: parseClaimPath(mapFrom) };
}
