import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../../api/holder/pages/languages.js';
import { everyPage, USUAL, type Ingredients } from './every-page.js';
import { readPage } from './well-formed.js';

const HOSTILE = `"'><script>alert(1)</script></title></style><style>*{}</style><img src=x onerror=alert(1)>&lt;&#x3c;\u0000\u202e`;
const READ = HOSTILE.replace(/[\u0000\u202e]/g, '');

const hostileText: Ingredients = {
  ...USUAL,
  issuer: {
    name: HOSTILE,
    logo: { uri: `https://issuer.example/${HOSTILE.replace(/\u0000/g, '')}`, altText: HOSTILE },
    backgroundColor: `#fff;}</style><script>alert(1)</script>`,
    textColor: 'url(https://attacker.example)',
  },
  form: { action: `/form?a=${encodeURIComponent(HOSTILE)}"'><script>`, fields: { [HOSTILE]: HOSTILE } },
  text: (name) => `${name} ${HOSTILE}`,
  image: `data:image/png,${HOSTILE}`,
  qrCode: `data:image/png,${HOSTILE}`,
  returnUrl: `wallet://x?${HOSTILE}`,
  here: `/page?a="'><script>alert(1)</script>`,
};

/** Spellings of addresses that a browser runs or shows as a page of ours. */
const HOSTILE_URLS = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'java\tscript:alert(1)',
  'java\nscript:alert(1)',
  'javascript://wallet.example/%0aalert(1)',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:text/html;image/png,<script>alert(1)</script>',
  'blob:https://issuer.example/1',
  'filesystem:https://issuer.example/1',
  'file:///etc/passwd',
  '',
  'no url',
];

describe('contents that others choose', () => {
  describe.each(Object.entries(everyPage(hostileText)))('%s', (_name, page) => {
    it.each(LANGUAGES)('are text and nothing else, in %s', (language) => {
      const html = page(language);
      const elements = readPage(html);
      expect(html.match(/<script|<img src=x/gi)).toBeNull();
      expect(html).not.toContain('\u202e');
      expect(elements.filter(({ name }) => name === 'style')).toHaveLength(1);
      expect(elements.find(({ name }) => name === 'style')?.text).not.toMatch(/attacker|<|url\(/);
      expect(elements.find(({ name }) => name === 'header')?.text).toBe(READ);
      for (const { name, attributes } of elements)
        expect(Object.keys(attributes).filter((attribute) => attribute.startsWith('on'), name)).toEqual([]);
    });
  });

  it('arrive unchanged where they are addresses or values of a form', () => {
    const elements = readPage(everyPage(hostileText).error!('en'));
    const input = elements.find(({ name }) => name === 'input')!;
    expect(input.attributes).toEqual({ type: 'hidden', name: READ, value: READ });
    expect(elements.find(({ name }) => name === 'a')!.attributes.href).toBe(`wallet://x?${READ}`);
  });

  it.each(HOSTILE_URLS)('are not linked, sent to or shown where they are %j', (url) => {
    const hostile = { ...USUAL.issuer, logo: { uri: url } };
    const pages = everyPage({
      ...USUAL,
      issuer: hostile,
      image: url,
      qrCode: url,
      returnUrl: url,
      here: url,
      form: { ...USUAL.form, action: url },
    });
    for (const page of Object.values(pages)) {
      for (const { name, attributes } of readPage(page('en'))) {
        for (const attribute of ['href', 'src', 'action', 'formaction']) expect(attributes, name).not.toHaveProperty(attribute);
        expect(attributes, name).not.toHaveProperty('http-equiv');
      }
    }
  });

  it.each(['http://127.0.0.1:8000/cb', 'https://wallet.example/cb?a=1', 'eudi-openid4ci://x', 'haip:a', 'com.example.app:/cb'])(
    'are linked where they are a wallet at %s',
    (returnUrl) => {
      const links = readPage(everyPage({ ...USUAL, returnUrl }).return!('en')).filter(({ name }) => name === 'a');
      expect(links.map(({ attributes }) => attributes.href)).toEqual([returnUrl]);
    },
  );

  it.each(['//attacker.example', '/\\attacker.example', 'http://attacker.example/', 'wallet://x', '/a b', '/a\n//b'])(
    'are no page of ours at %j',
    (here) => {
      const html = everyPage({ ...USUAL, here, form: { action: here, fields: {} } }).progress!('en');
      expect(readPage(html).filter(({ name }) => name === 'a' || name === 'form')).toEqual([]);
      expect(html).not.toContain('http-equiv');
    },
  );

  it.each(['http://issuer.example/logo.png', 'http://localhost/logo.png', 'data:text/html,x', '/logo.png'])(
    'are no picture at %s',
    (uri) => {
      const html = everyPage({ ...USUAL, image: uri, qrCode: uri, issuer: { ...USUAL.issuer, logo: { uri } } }).offer!('en');
      expect(readPage(html).filter(({ name }) => name === 'img')).toEqual([]);
    },
  );
});
