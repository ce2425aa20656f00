import { describe, expect, it } from 'vitest';
import { inLanguage, matchLanguage, pickLanguage, readerLanguages } from '../../../../api/holder/pages/languages.js';

describe('the language of a page', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['DE-ch', 'de'],
    ['fr-CA,fr;q=0.9,en;q=0.8', 'fr'],
    ['en;q=0.5, nl;q=0.8', 'nl'],
    ['en;q=0.8, es;q=0.8', 'en'],
    ['pt-BR, ja;q=0.9, it;q=0.1', 'it'],
    ['pt-BR, ja', 'en'],
    ['de;q=0, it;q=0.3', 'it'],
    ['de;q=2, it;q=0.3', 'it'],
    ['de;q=nonsense', 'en'],
    ['*, de;q=0.5', 'de'],
    ['deu, den, e', 'en'],
    ['de_DE', 'en'],
    [' de ; q=0.4 ,\tfr ; q=0.6', 'fr'],
    [`${'x,'.repeat(100_000)}de`, 'en'],
    ['<script>, de', 'de'],
  ])('for %j is %s', (header, language) => {
    expect(pickLanguage(header)).toBe(language);
  });

  it.each([
    ['de', 'fr', 'fr'],
    ['de', 'pt fr-CA it', 'fr'],
    ['de', 'pt', 'de'],
    ['de', '', 'de'],
    [undefined, 'es', 'es'],
  ])('for %j is, where %j is preferred, %s', (header, preferred, language) => {
    expect(pickLanguage(header, preferred)).toBe(language);
  });
});

it("the reader's languages are the preferred ones, the accepted ones, and that of the page", () => {
  expect(readerLanguages('de-CH, pt;q=0.9, fr;q=0.95', 'pt ja')).toEqual(['pt', 'ja', 'de-ch', 'fr', 'de']);
  expect(readerLanguages(undefined)).toEqual(['en']);
  expect(readerLanguages('ja')).toEqual(['ja', 'en']);
});

describe('what is written in several languages', () => {
  const name = (locale?: string): { name: string; locale?: string } =>
    locale === undefined ? { name: 'all' } : { name: locale, locale };
  const all = [name('en-NZ'), name('de-AT'), name('de'), name('fr-CA'), name(), name('zh-Hant')];

  it.each([
    [['en-NZ'], 'en-NZ'],
    [['en-GB'], 'en-NZ'],
    [['en'], 'en-NZ'],
    [['de-ch'], 'de'],
    [['DE-AT'], 'de-AT'],
    [['zh-hant-tw'], 'zh-Hant'],
    [['pt', 'fr', 'de'], 'fr-CA'],
    [['pt'], 'all'],
    [['fro'], 'all'],
    [[], 'all'],
  ])('is read by a reader of %j in %s', (languages, found) => {
    expect(inLanguage(all, languages)?.name).toBe(found);
    expect(matchLanguage(all, languages)?.name).toBe(found);
  });

  it('is read in the first of them where none fits', () => {
    const some = [name('ja'), name('ko')];
    expect(inLanguage(some, ['de'])?.name).toBe('ja');
    expect(matchLanguage(some, ['de'])).toBeUndefined();
    expect(inLanguage(some.slice(2), ['de'])).toBeUndefined();
  });
});
