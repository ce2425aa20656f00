import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 2rem 1rem; }
main { max-width: 32rem; margin: 0 auto; }
h1 { font-size: 1.5rem; line-height: 1.25; }
label { display: block; font-weight: 600; margin-top: 1rem; }
input { box-sizing: border-box; width: 100%; margin-top: .25rem; padding: .5rem; font: inherit; border: 1px solid #767676; border-radius: .25rem; }
button { margin-top: 1.5rem; padding: .5rem 1.25rem; font: inherit; font-weight: 600; color: #fff; background: #1d4ed8; border: 1px solid #1d4ed8; border-radius: .25rem; }
:focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px; }
[role="alert"] { margin: 1rem 0; padding: .75rem 1rem; border: 2px solid #b91c1c; border-radius: .25rem; }
code { overflow-wrap: anywhere; }
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The Content-Security-Policy of the pages: no script, no frame, nothing from elsewhere. */
export function pagePolicy(publicUrl: string): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    `form-action ${new URL(publicUrl).origin}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

interface Form {
  /** Absolute URL the form is sent to. */
  readonly action: string;
  readonly formToken: string;
}

/** The login page, with what was wrong with the last attempt. */
export function loginPage({ action, formToken, problem }: Form & { problem?: string }): string {
  const described = problem === undefined ? '' : ' aria-describedby="problem"';
  return page(
    problem === undefined ? 'Log in to read payloads' : 'Log in to read payloads: not logged in',
    `<h1>Log in to read payloads</h1>
<p>Chancery encrypts what Temporal stores. Log in with a management client of the role admin, issuer or auditor, and Temporal UI shows it readable in this browser for an hour.</p>
${problem === undefined ? '' : `<p role="alert" id="problem">${escape(problem)}</p>`}
<form method="post" action="${escape(action)}">
<input type="hidden" name="form_token" value="${escape(formToken)}">
<label for="client_id">Client id</label>
<input id="client_id" name="client_id" type="text" required maxlength="128" autocomplete="username" autocapitalize="none" spellcheck="false"${described}>
<label for="client_secret">Client secret</label>
<input id="client_secret" name="client_secret" type="password" required maxlength="512" autocomplete="current-password"${described}>
<button type="submit">Log in</button>
</form>`,
  );
}

/** The page after login: how to make Temporal UI use it, and the way out. */
export function loggedInPage({
  action,
  formToken,
  clientId,
  expiresAt,
  codecUrl,
  uiUrl,
}: Form & { clientId: string; expiresAt: Date; codecUrl: string; uiUrl: string }): string {
  return page(
    'Logged in to read payloads',
    `<h1>You are logged in</h1>
<p>As <code>${escape(clientId)}</code>, until <time datetime="${expiresAt.toISOString()}">${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC</time>.</p>
<h2>Once in Temporal UI</h2>
<ol>
<li>Open <a href="${escape(uiUrl)}">Temporal UI</a> and press the button with the spectacles, at the top right: “Codec Server”.</li>
<li>Choose “Use my browser setting and ignore Cluster-level setting”, and paste this endpoint: <code>${escape(codecUrl)}</code></li>
<li>Tick <strong>“Include cross-origin credentials”</strong>, apply, and reload the page.</li>
</ol>
<p>Temporal UI must be open at <code>${escape(new URL(uiUrl).origin)}</code>: no other origin is answered.</p>
<form method="post" action="${escape(action)}">
<input type="hidden" name="form_token" value="${escape(formToken)}">
<button type="submit">Log out</button>
</form>`,
  );
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} – Chancery</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
