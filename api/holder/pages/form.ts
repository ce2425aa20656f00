import { markup, type Markup } from './markup.js';
import type { PageForm } from './page-contents.js';
import { pageUrl } from './safe-urls.js';

interface Button {
  readonly label: string;
  /** Sent as `decision`, where there is one. */
  readonly decision?: string;
  readonly primary?: boolean;
}

/** A form of hidden fields and buttons. */
export function buttonForm({ action, fields }: PageForm, buttons: readonly Button[]): Markup | undefined {
  const target = pageUrl(action);
  if (target === undefined) return undefined;
  return markup`<form method="post" action="${target}">
${Object.entries(fields).map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`)}
<div class="actions">
${buttons.map(button)}
</div>
</form>`;
}

/** A link that looks like a button. */
export function buttonLink({ url, label, primary = false }: { url: string; label: string; primary?: boolean }): Markup {
  return markup`<a class="button${primary ? ' primary' : ''}" href="${url}">${label}</a>`;
}

function button({ label, decision, primary = false }: Button): Markup {
  const sent = decision === undefined ? undefined : markup` name="decision" value="${decision}"`;
  return markup`<button class="button${primary ? ' primary' : ''}" type="submit"${sent}>${label}</button>`;
}
