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

/** Whether a text may stand in a driving licence (MDC-10): at most 150 characters, codes in their form. */
export function fitsMdl({ namespace, element, value }: { namespace: string; element: string; value: unknown }): boolean {
  if (namespace !== MDL_NAMESPACE || typeof value !== 'string') return true;
  if (CODES.get(element)?.test(value) === false) return false;
  return element.endsWith(NATIONAL_CHARACTERS) || Array.from(value).length <= LONGEST_TEXT;
}
