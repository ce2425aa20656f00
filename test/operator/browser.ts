import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { ensureChromium } from '../../scripts/check/chromium.js';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const { CHROMIUM_MISSING } = process.env;
const found =
  CHROMIUM_MISSING === undefined || CHROMIUM_MISSING === ''
    ? ensureChromium({ env: process.env, progress: console.log })
    : { CHROMIUM_MISSING };

/** Why there is no browser; `undefined` where there is one. Tests that need it are skipped with the reason. */
export const browserMissing = 'CHROMIUM_MISSING' in found ? found.CHROMIUM_MISSING : undefined;

/** One Chromium for a test file. Each call of the result opens a browser profile of its own: nothing is shared between two. */
export function useBrowser(): (options?: BrowserContextOptions) => Promise<BrowserContext> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if ('CHROME_PATH' in found) browser = await chromium.launch({ executablePath: found.CHROME_PATH, args: ARGUMENTS });
  });
  afterAll(async () => {
    await browser?.close();
  });
  return (options = {}) => {
    if (browser === undefined) throw new Error('the browser runs only inside tests and hooks');
    return browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'UTC', locale: 'en', ...options });
  };
}
