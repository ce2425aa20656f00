import express from 'express';
import { toString as qrCodeOf } from 'qrcode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pickLanguage } from '../../../../api/holder/pages/languages.js';
import { progressPage } from '../../../../api/holder/pages/progress-page.js';
import { pageReload } from '../../../../api/holder/pages/reload.js';
import { sendPage } from '../../../../api/holder/pages/send-page.js';
import { browserMissing, useBrowser } from '../../../operator/browser.js';
import { everyPage, USUAL, type Ingredients } from './every-page.js';
import { MeasuredPage } from './measured-page.js';
import { PageServer } from './page-server.js';

const MAIN_PAGES = ['consent', 'progress', 'error', 'return', 'offer'];
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänspatent'.repeat(5);

const EMBLEM =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="22" fill="#0b3d91"/><path fill="none" stroke="#fff" stroke-width="5" d="M33 32a12 12 0 1 1 3-8 7 7 0 1 1-7-7"/></svg>';
const asImage = (svg: string) => `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;

/** With pictures. */
const pictured: Ingredients = {
  ...USUAL,
  issuer: { ...USUAL.issuer, logo: { uri: asImage(EMBLEM) } },
  image: asImage(EMBLEM),
  qrCode: asImage(
    await qrCodeOf('openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fissuer.example%2F1', { type: 'svg' }),
  ),
  seconds: 5,
};

/** Issuers whose colours make it hard, and whose words are long. */
const INGREDIENTS: Readonly<Record<string, Ingredients>> = {
  usual: USUAL,
  pictured,
  plain: { ...USUAL, issuer: { name: 'Plain' } },
  white: { ...USUAL, issuer: { name: 'White', backgroundColor: '#ffffff', textColor: '#ffffff' } },
  black: { ...USUAL, issuer: { name: 'Black', backgroundColor: '#000000', textColor: '#111111' } },
  grey: { ...USUAL, issuer: { name: 'Grey', backgroundColor: '#777777', textColor: '#ffffff' } },
  long: { ...USUAL, issuer: { ...USUAL.issuer, name: LONG }, text: (name) => `${name} ${LONG}` },
};
const PAGES = Object.keys(everyPage(USUAL));

describe.skipIf(browserMissing !== undefined)(
  `the holder's pages in a browser${browserMissing === undefined ? '' : ` (${browserMissing})`}`,
  () => {
    const newProfile = useBrowser();
    let server: PageServer;
    /** Another site, which a form's answer goes on to. */
    let provider: PageServer;
    let formTargets: readonly string[] = [];
    let goesOnTo: string | undefined;
    const sent: Record<string, string>[] = [];
    const reloads: string[] = [];
    let visits = 0;

    const urlOf = (page: string, { as = 'usual', language = 'en' } = {}) =>
      `${server.url}/shown?${new URLSearchParams({ page, as, language }).toString()}`;

    /** The provider under another name: where it sends those who log in elsewhere. */
    const federatedUrl = () => `${provider.url.replace('127.0.0.1', 'localhost')}/login`;

    beforeAll(async () => {
      provider = await PageServer.open((app) => {
        app.get('/login', (_request, response) => {
          visits += 1;
          // Without an icon of its own a browser looks for one, and complains where there is none.
          response.type('html').send('<link rel="icon" href="data:,"><title>Provider</title>');
        });
        app.get('/federated', (_request, response) => response.redirect(303, federatedUrl()));
      });
      server = await PageServer.open((app) => {
        app.get('/shown', (request, response) => {
          const { page = '', as = '', language } = request.query as Record<string, string>;
          const html = everyPage(INGREDIENTS[as]!)[page]!(pickLanguage(language));
          sendPage(response, { html, status: 200, formTargets });
        });
        app.post('/form', express.urlencoded(), (request, response) => {
          sent.push(request.body as Record<string, string>);
          if (goesOnTo !== undefined) response.redirect(303, goesOnTo);
          else response.redirect(303, urlOf('return'));
        });
        app.get('/progress', (request, response) => {
          reloads.push(request.url);
          const reload = pageReload({ url: '/progress', seconds: 1, parameter: request.query.reload });
          sendPage(response, { html: progressPage({ ...USUAL, reload }, 'en'), status: 200 });
        });
      });
    });
    afterAll(async () => {
      await server.close();
      await provider.close();
    });

    it.each(['usual', 'grey', 'long'] as const)(
      'can be read by everybody, in the colours and words of the issuer %s',
      async (as) => {
        const measured = await MeasuredPage.open(await newProfile());
        for (const page of as === 'usual' || as === 'long' ? PAGES : MAIN_PAGES) {
          for (const view of [{ width: 320 }, { width: 320, dark: true }, { width: 1280 }]) {
            const { isWiderThanWindow, faint, small } = await measured.show(urlOf(page, { as }), view);
            expect({ page, isWiderThanWindow, faint, small }).toEqual({ page, isWiderThanWindow: false, faint: [], small: [] });
          }
          const { nameless, named } = await measured.names();
          expect({ page, nameless }).toEqual({ page, nameless: [] });
          expect(named).toBeGreaterThan(1);
        }
        expect(measured.complaints).toEqual([]);
      },
      60_000,
    );

    // Of the shortest and the longest words; that every language has all its texts is for the unit tests.
    it.each(['en', 'de'] as const)(
      'fit into 320 pixels in %s, and the keyboard reaches all that can be pressed',
      async (language) => {
        const measured = await MeasuredPage.open(await newProfile());
        for (const page of PAGES) {
          const { isWiderThanWindow, interactive, small } = await measured.show(urlOf(page, { language }), { width: 320 });
          expect({ page, isWiderThanWindow, small }).toEqual({ page, isWiderThanWindow: false, small: [] });
          expect(await measured.tabThrough(interactive.length), page).toEqual(interactive);
        }
        expect(measured.complaints).toEqual([]);
      },
      60_000,
    );

    it('are shown without script, and their forms are sent', async () => {
      const browser = (await newProfile()).browser()!;
      const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en' });
      const page = await context.newPage();
      for (const [decision, label] of [
        ['continue', 'Continue'],
        ['cancel', 'Cancel'],
      ] as const) {
        await page.goto(urlOf('consent'));
        await page.getByRole('button', { name: label, exact: true }).click();
        await page.getByRole('heading', { name: 'Return to your wallet' }).waitFor();
        expect(sent.at(-1)).toEqual({ ...USUAL.form.fields, decision });
      }
      await context.close();
    });

    it('reload themselves until their reader stops that', async () => {
      const page = await (await newProfile()).newPage();
      await page.goto(`${server.url}/progress`);
      await expect.poll(() => reloads.length).toBeGreaterThan(1);
      await page.getByRole('link', { name: 'Stop reloading' }).click();
      await page.getByText('This page no longer reloads by itself.').waitFor();
      const stopped = reloads.length;
      await page.waitForTimeout(2500);
      expect(reloads).toHaveLength(stopped);
      await page.getByRole('link', { name: 'Reload by itself again' }).click();
      await expect.poll(() => reloads.length).toBeGreaterThan(stopped + 1);
    });

    it('send their forms on to the sites and apps they are told, and to no other', async () => {
      const measured = await MeasuredPage.open(await newProfile());
      const press = async (targets: readonly string[], to: string) => {
        [formTargets, goesOnTo] = [targets, to];
        measured.complaints.length = 0;
        const before = sent.length;
        await measured.page.goto(urlOf('consent'));
        await measured.page.getByRole('button', { name: 'Continue' }).click();
        await expect.poll(() => sent.length).toBe(before + 1);
      };
      await press([`${provider.url}/login`], `${provider.url}/login`);
      await measured.page.waitForURL(`${provider.url}/login`);
      expect([visits, measured.complaints]).toEqual([1, []]);

      await press([], `${provider.url}/login`);
      await expect.poll(() => measured.complaints.join()).toContain('form-action');
      expect(visits).toBe(1);

      // A browser holds every step of the way against the page, so that the provider's origin alone is not enough.
      await press([provider.url], `${provider.url}/federated`);
      await expect.poll(() => measured.complaints.join()).toContain('form-action');
      expect(visits).toBe(1);
      await press(['http:'], `${provider.url}/federated`);
      await measured.page.waitForURL(federatedUrl());
      expect(visits).toBe(2);

      await press([], 'eudi-openid4ci://authorize?code=x');
      await expect.poll(() => measured.complaints.join()).toContain('form-action');
      [formTargets, goesOnTo] = [[], undefined];
    });

    it('show their pictures', async () => {
      const page = await (await newProfile()).newPage();
      for (const name of MAIN_PAGES) {
        await page.goto(urlOf(name, { as: 'pictured' }));
        const widths = await page
          .locator('img')
          .evaluateAll((images: { naturalWidth: number }[]) => images.map(({ naturalWidth }) => naturalWidth));
        expect(Math.min(...widths), name).toBeGreaterThan(0);
      }
    });
  },
);
