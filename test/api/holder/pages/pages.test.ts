import { describe, expect, it } from 'vitest';
import { consentPage } from '../../../../api/holder/pages/consent-page.js';
import { errorPage } from '../../../../api/holder/pages/error-page.js';
import { LANGUAGES } from '../../../../api/holder/pages/languages.js';
import { offerPage } from '../../../../api/holder/pages/offer-page.js';
import { progressPage } from '../../../../api/holder/pages/progress-page.js';
import { returnPage } from '../../../../api/holder/pages/return-page.js';
import { everyPage, FAULTS, USUAL } from './every-page.js';
import { readPage, type Element } from './well-formed.js';

const PAGES = Object.entries(everyPage(USUAL));
const { issuer, form, returnUrl } = USUAL;

function named(elements: readonly Element[], name: string): readonly Element[] {
  return elements.filter((element) => element.name === name);
}

const textOf = (html: string): string => named(readPage(html), 'body')[0]!.text.replace(/\s+/g, ' ');

describe.each(LANGUAGES)("the holder's pages in %s", (language) => {
  it.each(PAGES)('%s: is well-formed, with its language, one heading, its landmarks and no script', (_name, page) => {
    const html = page(language);
    const elements = readPage(html);
    expect(html).toMatch(/^<!doctype html>\n/);
    expect(named(elements, 'html').map(({ attributes }) => attributes.lang)).toEqual([language]);
    for (const once of ['h1', 'header', 'main', 'footer', 'title', 'style']) expect(named(elements, once)).toHaveLength(1);
    expect(named(elements, 'title')[0]!.text).toBe(`${named(elements, 'h1')[0]!.text} – ${issuer.name}`);
    expect(elements.filter(({ name }) => ['script', 'link', 'iframe', 'base', 'object'].includes(name))).toEqual([]);
    for (const { attributes } of elements) expect(Object.keys(attributes).filter((name) => /^(on|style)/.test(name))).toEqual([]);
    for (const { name, text } of elements.filter(({ name }) => ['a', 'button', 'h1', 'h2', 'p', 'li'].includes(name)))
      expect(text.trim(), name).not.toBe('');
    for (const { attributes } of named(elements, 'img')) expect(attributes).toHaveProperty('alt');
  });

  it('says every text in this language alone', () => {
    const others = LANGUAGES.filter((other) => other !== language);
    for (const [name, page] of PAGES) {
      const heading = named(readPage(page(language)), 'h1')[0]!.text;
      for (const other of others) expect(named(readPage(page(other)), 'h1')[0]!.text, `${name} ${other}`).not.toBe(heading);
    }
  });

  it('says another thing for each fault', () => {
    const texts = FAULTS.map((fault) => textOf(errorPage({ issuer, fault, requestId: 'r1' }, language)));
    expect(new Set(texts).size).toBe(FAULTS.length);
  });
});

describe('the consent page', () => {
  const content = {
    issuer,
    credentials: [{ name: 'Student card', description: 'Shows that you study.', claims: ['Given name', 'address: locality'] }],
    wallet: { name: 'Paua Wallet', verified: true, returnsTo: 'wallet.example' },
    form,
  };

  it('AUT-15 names the issuer, the credentials, their claims, the wallet and where its answer goes', () => {
    const text = textOf(consentPage(content, 'en'));
    for (const said of [
      'Kauri Institute of Technology can issue this credential',
      'Student card',
      'Shows that you study.',
      'Given name',
      'address: locality',
      'Paua Wallet',
      'wallet.example',
    ])
      expect(text).toContain(said);
  });

  it('warns of a wallet that is not registered, and of no other', () => {
    const warning = 'does not know this wallet';
    expect(textOf(consentPage(content, 'en'))).not.toContain(warning);
    const unknown = { ...content, wallet: { ...content.wallet, verified: false } };
    expect(textOf(consentPage(unknown, 'en'))).toContain(warning);
  });

  it('posts its fields with the decision, to go on or not', () => {
    const elements = readPage(consentPage(content, 'en'));
    expect(named(elements, 'form').map(({ attributes }) => attributes)).toEqual([{ method: 'post', action: '/form' }]);
    expect(named(elements, 'input').map(({ attributes }) => attributes)).toEqual(
      Object.entries(form.fields).map(([name, value]) => ({ type: 'hidden', name, value })),
    );
    expect(named(elements, 'button').map(({ attributes, text }) => [attributes.name, attributes.value, text])).toEqual([
      ['decision', 'continue', 'Continue'],
      ['decision', 'cancel', 'Cancel'],
    ]);
  });
});

describe('a page that reloads itself', () => {
  const refreshOf = (html: string) =>
    named(readPage(html), 'meta')
      .filter(({ attributes }) => attributes['http-equiv'] === 'refresh')
      .map(({ attributes }) => attributes.content);
  const linksOf = (html: string) => named(readPage(html), 'a').map(({ attributes }) => attributes.href);

  it('says so, and has links to reload it at once and to stop that', () => {
    for (const page of [
      progressPage({ issuer, form, reload: { url: '/page?state=a', seconds: 5 } }, 'en'),
      offerPage({ issuer, credentials: [], state: 'open', reload: { url: '/page?state=a', seconds: 5 } }, 'en'),
    ]) {
      expect(refreshOf(page)).toEqual(['5; url=/page?state=a']);
      expect(textOf(page)).toContain('This page reloads by itself every 5 seconds.');
      expect(linksOf(page)).toEqual(['/page?state=a', '/page?state=a&reload=off']);
    }
  });

  it('stays still where the reader wants that, and can be made to reload again', () => {
    const page = progressPage({ issuer, form, reload: { url: '/page', seconds: 0 } }, 'en');
    expect(refreshOf(page)).toEqual([]);
    expect(textOf(page)).toContain('This page no longer reloads by itself.');
    expect(linksOf(page)).toEqual(['/page?reload=off', '/page']);
  });

  it('is neither the consent page, nor an error, nor the last page', () => {
    for (const name of ['consent', 'error', 'return', 'offer, over'])
      expect(refreshOf(everyPage(USUAL)[name]!('en')), name).toEqual([]);
  });
});

describe('the way back to the wallet', () => {
  it('is a link where there is an answer to bring, and words where there is none', () => {
    const link = named(readPage(returnPage({ issuer, returnUrl }, 'en')), 'a')[0]!;
    expect([link.attributes.href, link.text]).toEqual([returnUrl, 'Open the wallet']);
    const without = returnPage({ issuer }, 'en');
    expect(named(readPage(without), 'a')).toEqual([]);
    expect(textOf(without)).toContain('Please open your wallet app.');
  });
});

describe('the offer page', () => {
  it('has the QR code, the links, the transaction code and the end of an open offer', () => {
    const html = everyPage(USUAL).offer!('de');
    const elements = readPage(html);
    expect(named(elements, 'img').map(({ attributes }) => attributes.alt)).toContain('QR-Code des Angebots');
    expect(
      named(elements, 'a')
        .slice(0, 2)
        .map(({ text }) => text),
    ).toEqual(['In Kea Wallet öffnen', 'In Paua Wallet öffnen']);
    expect(textOf(html)).toContain('Ihre Wallet wird nach einem Code mit 6 Ziffern fragen. It was sent to you by post.');
    const [time] = named(elements, 'time');
    expect(time!.attributes.datetime).toBe('2030-03-01T16:05:00.000Z');
    expect(time!.text).toBe('1. März 2030 um 16:05 UTC');
  });
});
