import { credentialList } from './credentials.js';
import { buttonLink } from './form.js';
import type { Language } from './languages.js';
import { layout } from './layout.js';
import { markup, type Markup } from './markup.js';
import type { OfferPageContent } from './page-contents.js';
import { reloading } from './reload.js';
import { imageUrl, walletUrl } from './safe-urls.js';
import type { PageTexts } from './texts/page-texts.js';
import { textsIn } from './texts/texts.js';

type Invitation = NonNullable<OfferPageContent['invitation']>;

/** Invites the holder to take an offer into a wallet, or says why that cannot be done. */
export function offerPage({ issuer, credentials, state, invitation, reload }: OfferPageContent, language: Language): string {
  const { offer, credentials: credentialTexts, reload: reloadTexts } = textsIn(language);
  const { title, text } = offer.states[state];
  return layout({
    language,
    issuer,
    title,
    content: [
      markup`<p>${text(issuer.name)}</p>`,
      credentialList(credentials, credentialTexts),
      ...(invitation === undefined ? [] : invite(invitation, offer, language)),
      reload === undefined ? undefined : reloading(reload, reloadTexts),
    ],
    ...(reload === undefined ? {} : { reload }),
  });
}

function invite({ qrCode, links, transactionCode, expiresAt }: Invitation, texts: PageTexts['offer'], language: Language) {
  return [
    transactionCode === undefined ? undefined : askForCode(transactionCode, texts),
    openHere(links, texts),
    scan(imageUrl(qrCode), texts),
    expiresAt === undefined
      ? undefined
      : markup`<p>${texts.validUntil} <time datetime="${expiresAt.toISOString()}">${localTime(expiresAt, language)}</time></p>`,
  ];
}

function askForCode({ length, inputMode, description }: NonNullable<Invitation['transactionCode']>, texts: PageTexts['offer']) {
  return markup`<section>
<h2>${texts.code}</h2>
<p>${texts.codeOf[inputMode](length)}</p>
${description === undefined ? undefined : markup`<p>${description}</p>`}
</section>`;
}

function openHere(links: Invitation['links'], texts: PageTexts['offer']): Markup | undefined {
  const buttons = links.flatMap(({ url, wallet }, index) => {
    const href = walletUrl(url);
    return href === undefined
      ? []
      : [markup`<li>${buttonLink({ url: href, label: texts.openIn(wallet), primary: index === 0 })}</li>`];
  });
  if (buttons.length === 0) return undefined;
  return markup`<section>
<h2>${texts.thisDevice}</h2>
<ul class="actions">
${buttons}
</ul>
</section>`;
}

function scan(qrCode: string | undefined, texts: PageTexts['offer']): Markup | undefined {
  if (qrCode === undefined) return undefined;
  return markup`<section>
<h2>${texts.otherDevice}</h2>
<p>${texts.scan}</p>
<img class="qr" src="${qrCode}" alt="${texts.qrCode}">
</section>`;
}

/** The server does not know where its reader is: the time is said with its zone. */
function localTime(date: Date, language: Language): string {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(date);
}
