/** The namespace of driving licences (ISO 18013-5 7.2.1). */
const MDL_NAMESPACE = 'org.iso.18013.5.1';
const LONGEST_TEXT = 150;
const NATIONAL_CHARACTERS = '_national_character';
/** Codes that readers compare with others: of countries (ISO 3166-1 alpha-2), and signs on vehicles (ISO 18013-1 Annex F). */
const CODES: ReadonlyMap<string, RegExp> = new Map([
  ['issuing_country', /^[A-Z]{2}$/],
  ['nationality', /^[A-Z]{2}$/],
  ['resident_country', /^[A-Z]{2}$/],
  ['un_distinguishing_sign', /^[A-Z]{1,3}$/],
]);

/** Where a document signer issues, as its certificate says. */
export interface IssuingPlace {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** ISO 3166-2, where it is bound to one. */
  readonly stateOrProvinceName?: string;
}

interface StatedElement {
  readonly element: { readonly namespace: string; readonly element: string };
  readonly value: unknown;
}

/**
 * The elements of a driving licence by which readers would refuse it: they compare the issuing country with the
 * certificate's, and the jurisdiction with its state or province, where it has one (ISO 18013-5 9.3.1).
 */
export function foreignElements(
  claims: readonly StatedElement[],
  { country, stateOrProvinceName }: IssuingPlace,
): readonly string[] {
  const certified = new Map([
    ['issuing_country', country],
    ['issuing_jurisdiction', stateOrProvinceName],
  ]);
  return claims.flatMap(({ element: { namespace, element }, value }) => {
    const expected = namespace === MDL_NAMESPACE ? certified.get(element) : undefined;
    return expected === undefined || expected === value ? [] : [element];
  });
}

/** Whether a text may stand in a driving licence (MDC-10): at most 150 characters, codes in their form. */
export function fitsMdl({ namespace, element, value }: { namespace: string; element: string; value: unknown }): boolean {
  if (namespace !== MDL_NAMESPACE || typeof value !== 'string') return true;
  if (CODES.get(element)?.test(value) === false) return false;
  return element.endsWith(NATIONAL_CHARACTERS) || Array.from(value).length <= LONGEST_TEXT;
}
