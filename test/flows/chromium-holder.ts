import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));

/** A visit of the browser's to a page: `GET /v1/oauth/authorize 200`. */
type Visit = `${string} ${string} ${number}`;

/** A holder with a real browser. */
export class ChromiumHolder {
  /** Documents that were asked for and answered, in order; of redirects each step. */
  readonly visits: Visit[] = [];
  /** Where redirects led to, whatever came of it. */
  readonly locations: string[] = [];
  readonly #console: { readonly text: string; readonly url: string }[] = [];
  readonly #errorPages = new Set<string>();

  private constructor(readonly page: Page) {
    page.on('console', (message) => this.#console.push({ text: message.text(), url: message.location().url }));
    page.on('pageerror', (error) => this.#console.push({ text: String(error), url: '' }));
    page.on('response', (response) => {
      const request = response.request();
      if (!request.isNavigationRequest()) return;
      this.visits.push(`${request.method()} ${new URL(request.url()).pathname} ${response.status()}`);
      if (response.status() >= 400) this.#errorPages.add(response.url());
      const { location } = response.headers();
      if (location !== undefined) this.locations.push(location);
    });
  }

  static async open(context: BrowserContext): Promise<ChromiumHolder> {
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    await page.setViewportSize({ width: 480, height: 640 });
    return new ChromiumHolder(page);
  }

  /** What the browser complained of: violations of policies, errors, resources that were not there. Not that a page is an error page. */
  complaints(): readonly string[] {
    return this.#console.filter(({ url }) => !this.#errorPages.has(url)).map(({ text }) => text);
  }

  /** Waits for the page with this title. */
  async sees(title: string): Promise<void> {
    await this.page.getByRole('heading', { name: title, level: 1, exact: true }).waitFor();
  }

  /** Reloads the page until it has this title: where an issuance stands is told a moment after it got there. */
  async seesAfterReload(title: string): Promise<void> {
    const reloaded = async () => {
      await this.page.reload();
      return this.page.getByRole('heading', { level: 1 }).innerText();
    };
    await expect.poll(reloaded, { interval: 250 }).toBe(title);
  }

  async press(label: string): Promise<void> {
    await this.page.getByRole('button', { name: label, exact: true }).click();
  }

  /** Opens the wallet's authorization request, and agrees. */
  async agree(authorizationUrl: string): Promise<void> {
    await this.page.goto(authorizationUrl);
    await this.press('Continue');
  }

  async logIn(name: string): Promise<void> {
    await this.sees('Log in');
    await this.press(name);
  }

  /** Waits until the browser is back at the wallet; gives the URL. */
  async returned(redirectUri: string): Promise<string> {
    await this.page.waitForURL(`${redirectUri}?**`);
    return this.page.url();
  }

  /** Keeps a picture of the page for the documentation, where SAVE_SCREENSHOTS is set. */
  async picture(name: string): Promise<void> {
    if (process.env.SAVE_SCREENSHOTS === undefined) return;
    await this.page.screenshot({ path: `${IMAGES}holder-${name}.png`, fullPage: true });
  }
}
