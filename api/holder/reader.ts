import type { Request } from 'express';
import { pickLanguage, readerLanguages } from './pages/languages.js';

/** Who reads a page: the language it is written in, and the languages that names may be in, the best first. */
export interface Reader {
  readonly language: ReturnType<typeof pickLanguage>;
  readonly languages: readonly string[];
}

/** @param uiLocales what the wallet said of its holder (OpenID Connect Core 3.1.2.1); it comes before what the browser says */
export function readerOf(request: Pick<Request, 'headers'>, uiLocales?: string): Reader {
  const accepted = request.headers['accept-language'];
  return { language: pickLanguage(accepted, uiLocales), languages: readerLanguages(accepted, uiLocales) };
}
