import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Router, type Response } from 'express';
import type { ApiContext } from '../context.js';
import { methodNotAllowed } from './method-not-allowed.js';
import { buildOpenApiDocument } from './openapi-document.js';

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;
const ASSET_FOLDER = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
/** Swagger UI draws its icons from data: URIs; all else is this server's own. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `/openapi.json`, built once, for the first who asks, and Swagger UI at `/docs`, served from here: it loads nothing from elsewhere. */
export function createDocsRouter({ config }: Pick<ApiContext, 'config'>): Router {
  const router = Router();
  const base = new URL(config.PUBLIC_URL).pathname.replace(/\/$/, '');
  let description: ((response: Response) => void) | undefined;
  const page = cached('text/html; charset=utf-8', pageHtml(base));
  const script = cached('text/javascript; charset=utf-8', startScript(base));

  router
    .route('/openapi.json')
    .get((_request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*');
      description ??= cached('application/json', JSON.stringify(buildOpenApiDocument(config)));
      description(response);
    })
    .all(methodNotAllowed('GET'));
  router
    .route('/docs')
    .get((_request, response) => {
      response.setHeader('Content-Security-Policy', PAGE_POLICY);
      page(response);
    })
    .all(methodNotAllowed('GET'));
  router.get('/docs/start.js', (_request, response) => script(response));
  for (const name of ASSETS) {
    router.get(`/docs/${name}`, (_request, response) => response.sendFile(name, { root: ASSET_FOLDER, maxAge: '1d' }));
  }
  return router;
}

function cached(type: string, body: string): (response: Response) => void {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  return (response) => {
    response.set({ 'Content-Type': type, 'Cache-Control': 'public, max-age=60', ETag: etag });
    if (response.req.fresh) response.status(304).end();
    else response.send(body);
  };
}

function pageHtml(base: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Chancery API</title>
    <link rel="stylesheet" href="${base}/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="${base}/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${base}/docs/swagger-ui-bundle.js"></script>
    <script src="${base}/docs/start.js"></script>
  </body>
</html>
`;
}

function startScript(base: string): string {
  return `SwaggerUIBundle({ url: ${JSON.stringify(`${base}/openapi.json`)}, dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });\n`;
}
