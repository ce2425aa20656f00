import { logo } from './layout.js';
import { markup, type Markup } from './markup.js';
import type { CredentialSummary } from './page-contents.js';
import type { PageTexts } from './texts/page-texts.js';

/** The credentials, each with what it will hold. */
export function credentialList(credentials: readonly CredentialSummary[], { claims: heading }: PageTexts['credentials']): Markup {
  return markup`${credentials.map(
    ({ name, description, logo: image, claims }) => markup`<section class="credential">
${logo(image)}<h2><bdi>${name}</bdi></h2>
${description === undefined ? undefined : markup`<p>${description}</p>`}
${claims.length === 0 ? undefined : markup`<p>${heading}</p>`}
${claims.length === 0 ? undefined : markup`<ul>${claims.map((claim) => markup`<li><bdi>${claim}</bdi></li>`)}</ul>`}
</section>`,
  )}`;
}
