import { markup, type Markup } from './markup.js';
import { pageUrl } from './safe-urls.js';
import type { PageTexts } from './texts/page-texts.js';

/** How a page reloads itself; 0 seconds where the reader stopped that. */
export interface Reload {
  readonly url: string;
  readonly seconds: number;
}

const OFF = 'off';

/**
 * How a page reloads itself. Readers can stop it (WCAG 2.2, 2.2.1): `?reload=off`, to which the page itself links.
 *
 * @param options.url path of the page, without the parameter `reload`
 * @param options.parameter the request's query parameter `reload`
 */
export function pageReload({ url, seconds, parameter }: Reload & { readonly parameter: unknown }): Reload {
  return { url, seconds: parameter === OFF ? 0 : seconds };
}

/** For the head: what makes the browser reload. */
export function refreshing({ url, seconds }: Reload): Markup | undefined {
  const target = pageUrl(url);
  if (target === undefined || !isOn(seconds)) return undefined;
  return markup`
<meta http-equiv="refresh" content="${Math.ceil(seconds)}; url=${target}">`;
}

/** Says that the page reloads itself, with links that reload it now and that stop it, or let it begin again. */
export function reloading({ url, seconds }: Reload, texts: PageTexts['reload']): Markup | undefined {
  const page = pageUrl(url);
  if (page === undefined) return undefined;
  const stopped = `${page}${page.includes('?') ? '&' : '?'}reload=${OFF}`;
  const [now, other, label] = isOn(seconds) ? [page, stopped, texts.stop] : [stopped, page, texts.start];
  return markup`<p>${isOn(seconds) ? texts.automatic(Math.ceil(seconds)) : texts.stopped}</p>
<ul class="actions"><li><a class="link" href="${now}">${texts.now}</a></li><li><a class="link" href="${other}">${label}</a></li></ul>`;
}

function isOn(seconds: number): boolean {
  return seconds > 0;
}
