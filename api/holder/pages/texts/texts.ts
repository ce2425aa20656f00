import type { Language } from '../languages.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { it } from './it.js';
import { nl } from './nl.js';
import type { PageTexts } from './page-texts.js';

const TEXTS: Readonly<Record<Language, PageTexts>> = { en, de, fr, es, it, nl };

/** What the pages say in a language. */
export function textsIn(language: Language): PageTexts {
  return TEXTS[language];
}
