/** Languages the pages are written in. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl'] as const;

export type Language = (typeof LANGUAGES)[number];

const DEFAULT: Language = 'en';
const MOST = 32;
const LONGEST = 1024;
const TAG = /^[a-z]{1,8}(?:-[a-z0-9]{1,8}){0,7}$/i;
const WEIGHT = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

/** What is written in one language; `locale` is BCP 47, absent for what serves all. */
interface InOneLanguage {
  readonly locale?: string;
}

/**
 * The language for a page.
 *
 * @param acceptLanguage the request's header (RFC 9110 12.5.4)
 * @param preferred BCP 47 tags separated by spaces, the best first, as in `ui_locales`; they come before the header
 */
export function pickLanguage(acceptLanguage: string | undefined, preferred?: string): Language {
  for (const tag of wanted(acceptLanguage, preferred)) {
    const language = LANGUAGES.find((supported) => supported === tag.split('-')[0]);
    if (language !== undefined) return language;
  }
  return DEFAULT;
}

/** The reader's languages as BCP 47 tags in lower case, the best first; the last is that of the page. Parameters as above. */
export function readerLanguages(acceptLanguage: string | undefined, preferred?: string): readonly string[] {
  return [...new Set([...wanted(acceptLanguage, preferred), pickLanguage(acceptLanguage, preferred)])];
}

/** The entry in the best of the reader's languages, or else the one that serves all (RFC 4647 3.4); `undefined` without. */
export function matchLanguage<T extends InOneLanguage>(entries: readonly T[], languages: readonly string[]): T | undefined {
  for (const language of languages) {
    const found = lookup(entries, language.toLowerCase());
    if (found !== undefined) return found;
  }
  return entries.find(({ locale }) => locale === undefined);
}

/** As `matchLanguage`, or else the first entry; `undefined` only where there is none at all. */
export function inLanguage<T extends InOneLanguage>(entries: readonly T[], languages: readonly string[]): T | undefined {
  return matchLanguage(entries, languages) ?? entries[0];
}

/** `de-CH` is best served by `de-CH`, then `de`, then any other German. */
function lookup<T extends InOneLanguage>(entries: readonly T[], language: string): T | undefined {
  const localeOf = ({ locale }: T) => locale?.toLowerCase();
  for (let range = language; range !== ''; range = range.slice(0, Math.max(range.lastIndexOf('-'), 0))) {
    const found = entries.find((entry) => localeOf(entry) === range);
    if (found !== undefined) return found;
  }
  const [primary = ''] = language.split('-');
  return entries.find((entry) => localeOf(entry)?.startsWith(`${primary}-`));
}

function wanted(acceptLanguage = '', preferred = ''): readonly string[] {
  const first = preferred.slice(0, LONGEST).split(' ');
  return [...first, ...accepted(acceptLanguage)]
    .filter((tag) => TAG.test(tag))
    .slice(0, MOST)
    .map((tag) => tag.toLowerCase());
}

/** The header's ranges by weight; those of equal weight stay in order. */
function accepted(header: string): readonly string[] {
  return header
    .slice(0, LONGEST)
    .split(',')
    .map((entry) => {
      const [range = '', weight = 'q=1'] = entry.split(';').map((part) => part.trim());
      return { range, weight: Number(WEIGHT.exec(weight)?.[1] ?? 0) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ range }) => range);
}
