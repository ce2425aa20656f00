import { hexColor, readableOn } from './contrast.js';
import type { IssuerBranding } from './page-contents.js';

const DEFAULT_COLOR = '#1d4ed8';

/*
 * Nothing moves, so there is nothing for prefers-reduced-motion to stop. Sizes are in rem and lines wrap, for 320 pixels and
 * 400 % zoom. Borders keep buttons visible where the issuer's colour is that of the page.
 */
const RULES = `
* { box-sizing: border-box; }
body { margin: 0; color: var(--text); background: var(--page); overflow-wrap: anywhere; }
header { padding: 1rem; color: var(--on-brand); background: var(--brand); border-bottom: 1px solid var(--line); }
header div { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem; }
header div, main, footer { max-width: 40rem; margin: 0 auto; }
header p { margin: 0; font-size: 1.125rem; font-weight: 600; }
header img, .credential img { display: block; max-width: 100%; height: 3rem; object-fit: contain; padding: .25rem; background: #fff; border-radius: .25rem; }
main, footer { padding: 1rem; }
footer { color: var(--muted); font-size: .875rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 0 0 .5rem; font-size: 1.125rem; line-height: 1.25; }
section { margin: 1rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; }
section p { margin: .5rem 0; }
.credential img { float: right; max-width: 40%; margin: 0 0 .5rem .75rem; }
ul { margin: .25rem 0; padding-left: 1.25rem; }
.notice { padding-left: .75rem; border-left: .25rem solid var(--warning); }
.qr { display: block; width: 16rem; max-width: 100%; height: auto; margin: 1rem 0; padding: .75rem; background: #fff; border-radius: .5rem; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0; padding: 0; list-style: none; }
.button { display: inline-block; min-height: 2.75rem; padding: .5rem 1.25rem; font: inherit; font-weight: 600; line-height: 1.5; text-align: center; text-decoration: none; cursor: pointer; border: 2px solid var(--text); border-radius: .5rem; color: var(--text); background: var(--page); }
.primary { color: var(--on-brand); background: var(--brand); }
.button:hover { text-decoration: underline; }
.link { display: inline-block; min-height: 1.75rem; padding: .125rem 0; color: var(--link); }
:focus-visible { outline: .1875rem solid var(--link); outline-offset: .125rem; }
`;

const LIGHT = '--page: #fff; --text: #1a1a1a; --muted: #525252; --line: #8a8a8a; --link: #1d4ed8; --warning: #b45309;';
const DARK = '--page: #121212; --text: #f2f2f2; --muted: #c4c4c4; --line: #8a8a8a; --link: #93c5fd; --warning: #fbbf24;';

/** The style sheet of an issuer's pages. Text on his colour can be read whatever colours he chose (WCAG 2.2, 1.4.3). */
export function styleSheet({ backgroundColor, textColor }: Pick<IssuerBranding, 'backgroundColor' | 'textColor'>): string {
  const brand = hexColor(backgroundColor) ?? DEFAULT_COLOR;
  const onBrand = readableOn(brand, hexColor(textColor));
  return `
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; --brand: ${brand}; --on-brand: ${onBrand}; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
${RULES}`;
}
