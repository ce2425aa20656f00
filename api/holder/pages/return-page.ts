import { buttonLink } from './form.js';
import type { Language } from './languages.js';
import { layout } from './layout.js';
import { markup } from './markup.js';
import type { ReturnContent } from './page-contents.js';
import { walletUrl } from './safe-urls.js';
import { textsIn } from './texts/texts.js';

/** Sends the holder back to the wallet. */
export function returnPage({ issuer, returnUrl }: ReturnContent, language: Language): string {
  const { return: texts } = textsIn(language);
  const url = returnUrl === undefined ? undefined : walletUrl(returnUrl);
  return layout({
    language,
    issuer,
    title: texts.title,
    content: [
      markup`<p>${url === undefined ? texts.finished : texts.pending}</p>`,
      url === undefined ? undefined : markup`<p class="actions">${buttonLink({ url, label: texts.open, primary: true })}</p>`,
      markup`<p>${texts.close}</p>`,
    ],
  });
}
