import { buttonForm } from './form.js';
import type { Language } from './languages.js';
import { layout } from './layout.js';
import { markup } from './markup.js';
import type { ProgressContent } from './page-contents.js';
import { reloading } from './reload.js';
import { textsIn } from './texts/texts.js';

/** Tells the holder that the issuer decides later, and that waiting here is not needed. */
export function progressPage({ issuer, reload, form }: ProgressContent, language: Language): string {
  const { progress, reload: reloadTexts } = textsIn(language);
  return layout({
    language,
    issuer,
    reload,
    title: progress.title,
    content: [
      markup`<p>${progress.waiting(issuer.name)}</p>`,
      reloading(reload, reloadTexts),
      markup`<p>${progress.leaving}</p>`,
      buttonForm(form, [{ label: progress.leave, decision: 'defer', primary: true }]),
    ],
  });
}
