import { buttonForm, buttonLink } from './form.js';
import type { Language } from './languages.js';
import { layout } from './layout.js';
import { markup, type Markup } from './markup.js';
import type { ErrorContent } from './page-contents.js';
import { pageUrl, walletUrl } from './safe-urls.js';
import { textsIn } from './texts/texts.js';

/** Tells the holder what went wrong, in words of use to holders, and the ways on from here. */
export function errorPage({ issuer, fault, detail, retry, returnUrl, requestId }: ErrorContent, language: Language): string {
  const { error } = textsIn(language);
  const { title, text } = error.faults[fault];
  const back = returnUrl === undefined ? undefined : walletUrl(returnUrl);
  return layout({
    language,
    issuer,
    title,
    content: [
      markup`<p role="alert">${text}</p>`,
      retrying(retry, error.retry),
      back === undefined ? undefined : markup`<p class="actions">${buttonLink({ url: back, label: error.back })}</p>`,
      detail === undefined ? undefined : markup`<p>${error.detail} <span lang="en">${detail}</span></p>`,
      markup`<p>${error.reference} <code>${requestId}</code></p>`,
    ],
  });
}

function retrying(retry: ErrorContent['retry'], label: string): Markup | undefined {
  if (retry === undefined) return undefined;
  if ('action' in retry) return buttonForm(retry, [{ label, primary: true }]);
  const url = pageUrl(retry.url);
  return url === undefined ? undefined : markup`<p class="actions">${buttonLink({ url, label, primary: true })}</p>`;
}
