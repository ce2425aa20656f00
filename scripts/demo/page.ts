import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 2rem 1rem; }
main { max-width: 32rem; margin: 0 auto; }
h1 { font-size: 1.5rem; line-height: 1.25; }
.demo { padding: .5rem .75rem; border: 2px dashed #b45309; border-radius: .25rem; }
label { display: block; font-weight: 600; margin-top: 1rem; }
select { width: 100%; margin-top: .25rem; padding: .5rem; font: inherit; }
button { margin: 1rem .5rem 0 0; padding: .5rem 1.25rem; font: inherit; font-weight: 600; color: #fff; background: #12423f; border: 1px solid #12423f; border-radius: .25rem; }
:focus-visible { outline: 3px solid #b45309; outline-offset: 2px; }
`;

/** Without `form-action`: browsers hold it against every redirect that follows, and these lead to the issuer and the wallet. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Headers of every page of the demo. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** A page of the demo's services, which says that it is one. `content` is HTML. */
export function demoPage({ title, notice, content }: { title: string; notice: string; content: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – Chancery demo</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="demo">${escapeHtml(notice)}</p>
${content}
</main>
</body>
</html>
`;
}

export function sendPage(response: ServerResponse, status: number, page: Parameters<typeof demoPage>[0]): void {
  response.writeHead(status, PAGE_HEADERS).end(demoPage(page));
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
