import type { Language } from './languages.js';
import { markup, type Markup } from './markup.js';
import type { IssuerBranding } from './page-contents.js';
import { refreshing, type Reload } from './reload.js';
import { imageUrl } from './safe-urls.js';
import { styleSheet } from './style.js';
import { textsIn } from './texts/texts.js';

interface Page {
  readonly language: Language;
  readonly issuer: IssuerBranding;
  /** The one h1, and what the browser's tab says. */
  readonly title: string;
  readonly content: readonly (Markup | undefined)[];
  readonly reload?: Reload;
}

/** The frame of a holder's page: one `style`, which `sendPage` allows by its hash, and no script. */
export function layout({ language, issuer, title, content, reload }: Page): string {
  const { footer } = textsIn(language);
  // The style comes before anything of the issuer's: `sendPage` allows the first one it finds.
  const style = `<style>${styleSheet(issuer)}</style>`;
  const head = markup`<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">${reload === undefined ? undefined : refreshing(reload)}
<title>${title} – ${issuer.name}</title>`;
  const body = markup`<header><div>${logo(issuer.logo)}<p><bdi>${issuer.name}</bdi></p></div></header>
<main>
<h1>${title}</h1>
${content.filter((part) => part !== undefined)}
</main>
<footer><p>${footer(issuer.name)}</p></footer>`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
${style}
${head.text}
</head>
<body>
${body.text}
</body>
</html>
`;
}

/** A picture of the issuer's. Its name stands beside it, so that it needs no other text. */
export function logo(image: IssuerBranding['logo']): Markup | undefined {
  const url = image === undefined ? undefined : imageUrl(image.uri);
  return url === undefined ? undefined : markup`<img src="${url}" alt="${image?.altText ?? ''}">`;
}
