import { credentialList } from './credentials.js';
import { buttonForm } from './form.js';
import type { Language } from './languages.js';
import { layout } from './layout.js';
import { markup } from './markup.js';
import type { ConsentContent } from './page-contents.js';
import { textsIn } from './texts/texts.js';

/** Tells the holder what would be issued, by whom and to which wallet, and asks whether to go on. */
export function consentPage({ issuer, credentials, wallet, form }: ConsentContent, language: Language): string {
  const { consent, credentials: credentialTexts } = textsIn(language);
  return layout({
    language,
    issuer,
    title: consent.title(credentials.length),
    content: [
      markup`<p>${consent.intro(issuer.name, credentials.length)}</p>`,
      credentialList(credentials, credentialTexts),
      markup`<section>
<h2>${consent.wallet}</h2>
<p><strong><bdi>${wallet.name}</bdi></strong></p>
<p>${consent.returnsTo} <code><bdi>${wallet.returnsTo}</bdi></code></p>
${
  wallet.verified
    ? markup`<p>${consent.verified(issuer.name)}</p>`
    : markup`<p class="notice"><strong>${consent.unverified(issuer.name)}</strong></p>`
}
</section>`,
      markup`<p>${consent.next}</p>`,
      buttonForm(form, [
        { label: consent.continue, decision: 'continue', primary: true },
        { label: consent.cancel, decision: 'cancel' },
      ]),
    ],
  });
}
