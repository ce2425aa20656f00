import { describe, expect, it } from 'vitest';
import { exchange } from '../../flows/http-exchange.js';
import { useSharedSystem } from '../../harness/use-system.js';
import { browserMissing, useBrowser } from '../../operator/browser.js';

const system = useSharedSystem();

describe('/docs', () => {
  it('is a page under a strict policy, whose parts all come from this server', async () => {
    const page = await exchange(`${system().url}/docs`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const directive of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"])
      expect(policy.split('; ')).toContain(directive);
    expect(policy).not.toContain('unsafe');
    expect(page.text).not.toMatch(/<script(?! src=)/);
    const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => part);
    expect(parts).toEqual(['/docs/swagger-ui.css', '/docs/favicon-32x32.png', '/docs/swagger-ui-bundle.js', '/docs/start.js']);
    const types = await Promise.all(parts.map(async (part) => (await exchange(system().url + part)).headers.get('content-type')));
    expect(types.map((type) => type?.split(';')[0])).toEqual(['text/css', 'image/png', 'text/javascript', 'text/javascript']);
  });

  it.each(['/docs', '/openapi.json'])('%s is kept by caches, and asked for anew only where it changed', async (path) => {
    const first = await exchange(system().url + path);
    expect(first.headers.get('cache-control')).toBe('public, max-age=60');
    const etag = first.headers.get('etag') ?? '';
    const second = await exchange(system().url + path, { headers: { 'if-none-match': etag } });
    expect([second.status, second.text]).toEqual([304, '']);
  });

  it('/openapi.json may be read by tools on other pages', async () => {
    const { headers } = await exchange(`${system().url}/openapi.json`, { headers: { origin: 'https://editor.example' } });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  });
});

describe.skipIf(browserMissing !== undefined)(`Swagger UI${browserMissing === undefined ? '' : ` (${browserMissing})`}`, () => {
  const newProfile = useBrowser();

  it('shows every operation, asks no other server, and breaks no rule of its policy', async () => {
    const profile = await newProfile();
    const page = await profile.newPage();
    const complaints: string[] = [];
    const hosts = new Set<string>();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) hosts.add(new URL(request.url()).origin);
    });
    await page.goto(`${system().url}/docs`);
    await page.locator('.opblock').first().waitFor();
    const { paths } = (await exchange(`${system().url}/openapi.json`)).json as { paths: Record<string, object> };
    const operations = Object.values(paths).reduce((sum, item) => sum + Object.keys(item).length, 0);
    // It draws what its reader comes to.
    const shown = new Set<string>();
    const scroll = async () => {
      const blocks = await page.locator('.opblock').all();
      for (const block of blocks) shown.add((await block.getAttribute('id')) ?? '');
      await page.mouse.wheel(0, 700);
      return shown.size;
    };
    await expect.poll(scroll).toBe(operations);
    await page.mouse.wheel(0, -1_000_000);
    const offer = page.locator('#operations-Pre-authorized_offers-postV1OpenidOffersPreAuthorized');
    await expect.poll(async () => (await scroll()) > 0 && offer.count()).toBe(1);
    await offer.click();
    await page.getByText('Idempotency-Key').first().waitFor();
    expect(complaints).toEqual([]);
    expect([...hosts]).toEqual([new URL(system().url).origin]);
    await profile.close();
  });
});
