import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { de } from '../../api/holder/pages/texts/de.js';
import { en } from '../../api/holder/pages/texts/en.js';
import { readQrCode } from '../api/management/offers/qr-code.js';
import { useOwnProcesses } from '../harness/use-system.js';
import { browserMissing, useBrowser } from '../operator/browser.js';
import { CodeIssuer, HOLDERS, LOGIN_MAPPINGS } from './authorization-server.js';
import { ChromiumHolder } from './chromium-holder.js';
import { answering, startClaimsSource, type ClaimsSourceServer } from './claims-source-server.js';
import type { CodeRequest, CodeWallet } from './code-wallet.js';
import { claimsIn } from './credential-claims.js';
import { emblem } from './emblem.js';
import { TestHook } from './hook-server.js';
import { exchange } from './http-exchange.js';
import { startTestIdentityProvider, type TestIdentityProvider } from './identity-provider.js';
import { LibraryCodeWallet } from './library-code-wallet.js';
import { LIBRARIES } from './library-wallet.js';
import { startLoopbackWallet, type LoopbackWallet } from './loopback-wallet.js';
import { credentialsOf, PlainWallet } from './plain-wallet.js';

const NGAIO = 'Ngaio Holder';
const AUTHORIZE = '/v1/oauth/authorize';
const CALLBACK = '/v1/oauth/authentication/callback';
const CONSENT = en.consent.title(1);
const CUSTOM_SCHEME = 'com.example.wallet:/callback';

const ISSUER_DISPLAY = {
  name: 'Kauri Instruments',
  logo: { uri: emblem() },
  backgroundColor: '#12423f',
  textColor: '#ffffff',
};
const CREDENTIAL = {
  claimMappings: {
    given_name: {
      ...LOGIN_MAPPINGS.given_name,
      display: [
        { name: 'Given name', locale: 'en' },
        { name: 'Vorname', locale: 'de' },
      ],
    },
    family_name: {
      ...LOGIN_MAPPINGS.family_name,
      display: [
        { name: 'Family name', locale: 'en' },
        { name: 'Familienname', locale: 'de' },
      ],
    },
    department: {
      ...LOGIN_MAPPINGS.department,
      display: [
        { name: 'Department', locale: 'en' },
        { name: 'Abteilung', locale: 'de' },
      ],
    },
  },
  display: [
    { name: 'Employee badge', locale: 'en', description: 'For our doors, and for theirs' },
    { name: 'Dienstausweis', locale: 'de', description: 'Für unsere Türen und für andere' },
  ],
};

interface Element {
  getAttribute(name: string): string | null;
}

describe.skipIf(browserMissing !== undefined)(
  `a holder in a real browser${browserMissing === undefined ? '' : ` (${browserMissing})`}`,
  () => {
    const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost' } });
    const newProfile = useBrowser();
    let issuer: CodeIssuer;
    let hook: TestHook;
    let app: LoopbackWallet;
    let away: TestIdentityProvider;
    let source: ClaimsSourceServer;
    let credential: { id: string; scope: string };

    beforeAll(async () => {
      await system().db.issuers.updateOne({ _id: 'default' }, { $set: { display: [ISSUER_DISPLAY] } });
      const redirectUri = system().url + CALLBACK;
      [issuer, app, away] = await Promise.all([
        CodeIssuer.start(system()),
        startLoopbackWallet(),
        startTestIdentityProvider({ accounts: HOLDERS, redirectUri }),
      ]);
      source = await startClaimsSource();
      hook = await TestHook.start(issuer);
      credential = await issuer.credential(CREDENTIAL);
    });
    afterAll(() => Promise.all([hook.stop(), issuer.stop(), app.stop(), away.stop(), source.stop()]));

    const newHolder = async (options: Parameters<typeof newProfile>[0] = {}) => ChromiumHolder.open(await newProfile(options));
    const withoutScript = () => newHolder({ javaScriptEnabled: false });
    const newWallet = () => issuer.wallet({ redirectUri: app.redirectUri });
    const requestOf = (wallet: CodeWallet, more: Partial<CodeRequest> = {}) =>
      wallet.authorizationUrl({ scope: credential.scope, ...more });
    const setHook = (enabled: boolean) => hook.configure({ disabled: !enabled });

    /** A reusable offer: its id, its page, and what its wallets are to send. */
    async function reusableOffer(more: Readonly<Record<string, unknown>> = {}) {
      const body = { credentials: [credential.id], credentialOfferMode: 'reference', ...more };
      const { id, uri } = (await issuer.backend.session.post('/v1/openid/offers', body)) as { id: string; uri: string };
      const reference = new URL(uri).searchParams.get('credential_offer_uri') ?? '';
      const { grants } = (await exchange(reference)).json as { grants: { authorization_code: { issuer_state: string } } };
      const pageUrl = `${system().url}/offers/${reference.split('/').at(-1) ?? ''}`;
      return { id, uri, pageUrl, issuerState: grants.authorization_code.issuer_state };
    }

    /** The wallet redeems what came to its redirect URI. */
    async function accessToken(wallet: CodeWallet, url: string): Promise<string> {
      const answer = await wallet.redeem(wallet.answerIn(url).get('code') ?? '');
      expect([answer.status, answer.json.error]).toEqual([200, undefined]);
      return answer.json.access_token as string;
    }

    /** The wallet collects with what came to its redirect URI; gives the claims of the credential. */
    async function collected(wallet: CodeWallet, url: string): Promise<Readonly<Record<string, unknown>>> {
      const token = await accessToken(wallet, url);
      const plain = new PlainWallet(system().url);
      const answer = await plain.requestCredential(token, await plain.credentialRequest(credential.id));
      const [credentialText = ''] = credentialsOf(answer);
      expect((await plain.notify(token, answer.json.notification_id as string)).status).toBe(204);
      return claimsIn(credentialText);
    }

    /** The officer at the hook decides on all that waits, server to server. */
    async function approve(): Promise<void> {
      const officer = await newHolder();
      await officer.page.goto(hook.url);
      await officer.press('Approve');
      await officer.page.getByText('The issuer was told: approved.').waitFor();
      await officer.page.context().close();
    }

    const sessions = () => system().db.issuances.countDocuments({ grantType: 'authorization_code' });

    /** As a camera sees it. */
    async function qrCodeOn({ page }: ChromiumHolder): Promise<string> {
      const sources = await page
        .locator('img.qr')
        .evaluateAll((images: Element[]) => images.map((image) => image.getAttribute('src')));
      return readQrCode(sources[0] ?? '');
    }

    it('AUT-12 AUT-15 begins in the wallet: consents, logs in, confirms at the hook, and is back at the wallet', async () => {
      await setHook(true);
      const holder = await newHolder();
      const wallet = newWallet();
      await holder.page.goto(await requestOf(wallet));
      await holder.sees(CONSENT);
      for (const told of ['Kauri Instruments', 'Employee badge', 'Given name', 'Family name', 'Department', wallet.clientId])
        await holder.page.getByText(told, { exact: true }).first().waitFor();
      await holder.page.getByText(new URL(app.redirectUri).host).waitFor();
      await holder.picture('consent');
      await holder.press('Continue');
      await holder.logIn(NGAIO);
      await holder.sees('Confirm your badge');
      await holder.page.getByLabel('Department').selectOption('Logistics');
      await holder.press('Confirm');
      const url = await holder.returned(app.redirectUri);
      expect(await collected(wallet, url)).toMatchObject({ given_name: 'Ngaio', family_name: 'Holder', department: 'Logistics' });
      expect(holder.complaints()).toEqual([]);
    });

    it('AUT-10 begins with an offer, and without script: the same way', async () => {
      await setHook(true);
      const { pageUrl, uri, issuerState } = await reusableOffer();
      const holder = await withoutScript();
      await holder.page.goto(pageUrl);
      await holder.sees(en.offer.states.open.title);
      const links = await holder.page
        .locator('a.button')
        .evaluateAll((all: Element[]) => all.map((link) => link.getAttribute('href')));
      expect(links).toEqual([uri]);
      expect(await qrCodeOn(holder)).toBe(uri);
      const wallet = newWallet();
      await holder.agree(await requestOf(wallet, { issuerState }));
      await holder.logIn(NGAIO);
      await holder.press('Confirm');
      expect(await collected(wallet, await holder.returned(app.redirectUri))).toMatchObject({ department: 'Calibration' });
      expect(holder.complaints()).toEqual([]);
    });

    describe.each(LIBRARIES)('who uses %s as the wallet', (_name, library) => {
      /** Does what a holder does between the wallet's request and its redirect URI. */
      const browse =
        ({ hooked }: { hooked: boolean }) =>
        async (url: string): Promise<string> => {
          const holder = await newHolder();
          await holder.agree(url);
          await holder.logIn(NGAIO);
          if (hooked) await holder.press('Confirm');
          const back = await holder.returned(app.redirectUri);
          expect(holder.complaints()).toEqual([]);
          return back;
        };
      const libraryWallet = () => new LibraryCodeWallet(library, { redirectUri: app.redirectUri });

      it('AUT-02 follows an offer by scope, with DPoP, past the hook and with a claims source', async () => {
        await setHook(true);
        source.behave(answering({ access_areas: ['laboratory 2'] }));
        const claimSourceId = await issuer.backend.claimSource({
          name: 'source',
          url: `${source.url}/claims`,
          requestParameters: { email: { mapFrom: 'claims.email' } },
          authorization: { type: 'api-key', value: 'key' },
        });
        const claimMappings = { ...LOGIN_MAPPINGS, access_areas: { mapFrom: 'claims.access_areas', required: true } };
        const { id } = await issuer.credential({ claimMappings, claimSourceId });
        const { uri } = (await issuer.backend.session.post('/v1/openid/offers', { credentials: [id] })) as { uri: string };
        const journey = { askBy: 'scope', dpop: true } as const;
        const { credentials, tokenType } = await libraryWallet().followOffer(uri, journey, browse({ hooked: true }));
        expect(tokenType).toBe('DPoP');
        expect(claimsIn(credentials[0]!)).toMatchObject({
          given_name: 'Ngaio',
          department: 'Calibration',
          access_areas: ['laboratory 2'],
        });
      });

      it('AUT-02 begins by itself, by authorization_details, without hook and claims source', async () => {
        await setHook(false);
        const own = { issuer: system().url, configurationId: credential.id };
        const journey = { askBy: 'authorization_details', dpop: true } as const;
        const { credentials } = await libraryWallet().begin(own, journey, browse({ hooked: false }));
        expect(claimsIn(credentials[0]!)).toMatchObject({ given_name: 'Ngaio', family_name: 'Holder' });
      });
    });

    describe('a decision that is left open', () => {
      const waiting = async (wallet: CodeWallet) => {
        await setHook(true);
        const holder = await withoutScript();
        await holder.agree(await requestOf(wallet));
        await holder.logIn(NGAIO);
        await holder.press('Decide later');
        await holder.sees(en.progress.title);
        return holder;
      };

      it('is waited for by a page that reloads itself without script, and goes on to the wallet once it is taken', async () => {
        const wallet = newWallet();
        const holder = await waiting(wallet);
        await holder.picture('progress');
        const shown = () => holder.visits.filter((visit) => /^GET \/v1\/oauth\/sessions\/\S+ 200$/.test(visit)).length;
        await expect.poll(shown).toBeGreaterThan(1);
        await approve();
        expect(await collected(wallet, await holder.returned(app.redirectUri))).toMatchObject({ department: 'Calibration' });
        expect(holder.complaints()).toEqual([]);
      });

      it('is not waited for by a holder who goes back to the wallet, which gets the credential later', async () => {
        const wallet = newWallet();
        const holder = await waiting(wallet);
        await holder.press(en.progress.leave);
        const token = await accessToken(wallet, await holder.returned(app.redirectUri));
        const plain = new PlainWallet(system().url);
        const request = await plain.credentialRequest(credential.id);
        const [answer] = await Promise.all([plain.requestCredential(token, request), approve()]);
        // The wallet is kept waiting for a while: the decision may come in time.
        const delivered =
          answer.status === 202 ? await plain.untilDelivered(token, answer.json.transaction_id as string) : answer;
        expect(claimsIn(credentialsOf(delivered)[0]!)).toMatchObject({ department: 'Calibration' });
        expect(holder.complaints()).toEqual([]);
      });
    });

    it('whose browser is German reads German pages', async () => {
      const holder = await newHolder({ locale: 'de-AT' });
      const language = () => holder.page.locator('html').evaluate((html: Element) => html.getAttribute('lang'));
      await holder.page.goto(await requestOf(newWallet()));
      await holder.sees(de.consent.title(1));
      for (const told of ['Dienstausweis', 'Für unsere Türen und für andere', 'Vorname', 'Abteilung'])
        await holder.page.getByText(told, { exact: true }).waitFor();
      expect(await language()).toBe('de');
      await holder.picture('consent-de');
      await holder.page.goto((await reusableOffer()).pageUrl);
      await holder.sees(de.offer.states.open.title);
      await holder.page.goto(`${system().url}/v1/oauth/sessions/unknown`);
      await holder.sees(de.error.faults.session_over.title);
      expect(await language()).toBe('de');
      expect(holder.complaints()).toEqual([]);
    });

    it('whom the provider knows already goes from the consent page to the wallet at one stroke', async () => {
      await setHook(false);
      const holder = await newHolder();
      await holder.agree(await requestOf(newWallet()));
      await holder.logIn(NGAIO);
      await holder.returned(app.redirectUri);
      holder.visits.length = 0;
      const again = newWallet();
      await holder.agree(await requestOf(again));
      const state = again.state;
      await holder.page.waitForURL((url) => url.searchParams.get('state') === state);
      expect(holder.visits.map((visit) => visit.split(' ').slice(0, 2).join(' '))).toEqual([
        `GET ${AUTHORIZE}`,
        `POST ${AUTHORIZE}`,
        'GET /auth',
        `GET ${CALLBACK}`,
        'GET /callback',
      ]);
      expect(await collected(again, holder.page.url())).toMatchObject({ given_name: 'Ngaio' });
      expect(holder.complaints()).toEqual([]);
    });

    it('AUT-12 is sent to a wallet app by its scheme, also at one stroke', async () => {
      await setHook(false);
      const profile = await newProfile();
      for (const isKnown of [false, true]) {
        const holder = await ChromiumHolder.open(profile);
        const wallet = issuer.wallet({ redirectUri: CUSTOM_SCHEME });
        await holder.agree(await requestOf(wallet));
        if (!isKnown) await holder.logIn(NGAIO);
        await expect.poll(() => holder.locations.at(-1) ?? '').toContain(CUSTOM_SCHEME);
        expect(holder.visits.at(-1)).toBe(`GET ${CALLBACK} 303`);
        expect(await collected(wallet, holder.locations.at(-1) ?? '')).toMatchObject({ given_name: 'Ngaio' });
        expect(holder.complaints()).toEqual([]);
      }
    });

    it('who has the page in two tabs and agrees in both, twice, begins one session', async () => {
      await setHook(false);
      const before = await sessions();
      const profile = await newProfile();
      const tabs = [await ChromiumHolder.open(profile), await ChromiumHolder.open(profile)] as const;
      const wallet = newWallet();
      const url = await requestOf(wallet);
      for (const { page } of tabs) await page.goto(url);
      await Promise.all(tabs.map(({ page }) => page.getByRole('button', { name: 'Continue' }).dblclick()));
      await Promise.all(tabs.map((tab) => tab.sees('Log in')));
      await tabs[0].logIn(NGAIO);
      expect(await collected(wallet, await tabs[0].returned(app.redirectUri))).toMatchObject({ given_name: 'Ngaio' });
      await tabs[1].press(NGAIO);
      await tabs[1].sees(en.return.title);
      expect(await sessions()).toBe(before + 1);
      expect(tabs.flatMap((tab) => tab.complaints())).toEqual([]);
    });

    it('who goes back and agrees again goes on in the same session, as long as it goes on', async () => {
      await setHook(false);
      const before = await sessions();
      const holder = await newHolder();
      const wallet = newWallet();
      const backToConsent = async () => {
        for (let step = 0; step < 6; step += 1) {
          if ((await holder.page.title()).startsWith(CONSENT)) return;
          await holder.page.goBack();
        }
        throw new Error('there is no consent page to go back to');
      };
      await holder.agree(await requestOf(wallet));
      await holder.sees('Log in');
      await backToConsent();
      await holder.press('Continue');
      await holder.logIn(NGAIO);
      const first = await holder.returned(app.redirectUri);
      await backToConsent();
      await holder.press('Continue');
      await holder.page.waitForURL((url) => url.href.startsWith(app.redirectUri) && url.href !== first);
      expect(await sessions()).toBe(before + 1);
      expect(await collected(wallet, holder.page.url())).toMatchObject({ given_name: 'Ngaio' });
      await backToConsent();
      await holder.press('Continue');
      await holder.sees(en.return.title);
      await holder.picture('return');
      expect(holder.complaints()).toEqual([]);
    });

    it('AUT-12 who cancels, here or at the provider, is sent back to the wallet with that', async () => {
      const holder = await newHolder();
      for (const atProvider of [false, true]) {
        const wallet = newWallet();
        await holder.page.goto(await requestOf(wallet));
        if (atProvider) await holder.press('Continue');
        if (atProvider) await holder.sees('Log in');
        await holder.press('Cancel');
        await holder.page.waitForURL((url) => url.searchParams.get('state') === wallet.state);
        expect(wallet.answerIn(holder.page.url()).get('error')).toBe('access_denied');
      }
      expect(holder.complaints()).toEqual([]);
    });

    it('whose provider is down is told so, and goes on once it is there again', async () => {
      await setHook(false);
      const { url, clientId, clientSecret } = away;
      const provider = { url, clientId, clientSecret };
      const { id } = (await issuer.backend.session.post('/v1/users/authentication-providers', provider)) as { id: string };
      await away.stop();
      const { issuerState } = await reusableOffer({ authenticationProviderId: id });
      const holder = await newHolder();
      const wallet = newWallet();
      await holder.agree(await requestOf(wallet, { issuerState }));
      await holder.sees(en.error.faults.provider_unavailable.title);
      await holder.picture('provider-down');
      await away.startAgain();
      await holder.page.getByRole('link', { name: en.error.retry }).click();
      await holder.logIn(NGAIO);
      expect(await collected(wallet, await holder.returned(app.redirectUri))).toMatchObject({ given_name: 'Ngaio' });
      expect(holder.complaints()).toEqual([]);
    });

    it('who goes on in another browser is asked to go back to the first', async () => {
      await setHook(false);
      const [holder, other] = [await newHolder(), await newHolder()];
      const wallet = newWallet();
      await holder.agree(await requestOf(wallet));
      await holder.sees('Log in');
      const atProvider = holder.locations.find((location) => location.startsWith(issuer.provider.url)) ?? '';
      await other.page.goto(atProvider);
      await other.logIn(NGAIO);
      await other.sees(en.error.faults.other_browser.title);
      await other.picture('other-browser');
      expect(other.complaints()).toEqual([]);
      await holder.logIn(NGAIO);
      expect(await collected(wallet, await holder.returned(app.redirectUri))).toMatchObject({ given_name: 'Ngaio' });
    });

    describe('on the page of an offer', () => {
      it('OFR-11 sees a pre-authorized one as it is taken and collected', async () => {
        const { uri, pageUrl, transactionCode } = (await issuer.backend.session.post('/v1/openid/offers/pre-authorized', {
          credentials: [credential.id],
          claims: { given_name: 'Ngaio' },
          credentialOfferMode: 'reference',
          transactionCodeConfiguration: { inputMode: 'numeric', description: 'From the letter' },
        })) as Record<'uri' | 'pageUrl' | 'transactionCode', string>;
        const holder = await withoutScript();
        await holder.page.goto(pageUrl);
        await holder.sees(en.offer.states.open.title);
        await holder.page.getByText('From the letter').waitFor();
        expect(await holder.page.content()).not.toContain(transactionCode);
        expect(await qrCodeOn(holder)).toBe(uri);
        await holder.picture('offer');
        const plain = new PlainWallet(system().url);
        const offer = await exchange(new URL(await qrCodeOn(holder)).searchParams.get('credential_offer_uri') ?? '');
        const token = await plain.token(
          `x://?${new URLSearchParams({ credential_offer: offer.text }).toString()}`,
          transactionCode,
        );
        await holder.seesAfterReload(en.offer.states.in_progress.title);
        const answer = await plain.requestCredential(token, await plain.credentialRequest(credential.id));
        await holder.seesAfterReload(en.offer.states.collected.title);
        expect((await plain.notify(token, answer.json.notification_id as string)).status).toBe(204);
        await holder.page.reload();
        await holder.sees(en.offer.states.collected.title);
        await holder.picture('offer-collected');
        expect(holder.complaints()).toEqual([]);
      });

      it('OFR-11 sees a reusable one as it is paused, goes on, and is revoked', async () => {
        const { id, pageUrl, uri } = await reusableOffer();
        const holder = await withoutScript();
        const change = (path: string, method: string) =>
          exchange(`${system().url}/v1/openid/offers/${id}${path}`, {
            method,
            headers: { authorization: `Bearer ${issuer.backend.session.token}` },
          });
        await holder.page.goto(pageUrl);
        await holder.sees(en.offer.states.open.title);
        for (const [path, method, state] of [
          ['/pause', 'POST', 'paused'],
          ['/resume', 'POST', 'open'],
          ['', 'DELETE', 'over'],
        ] as const) {
          expect((await change(path, method)).status).toBeLessThan(300);
          await holder.page.reload();
          await holder.sees(en.offer.states[state].title);
          if (state === 'open') expect(await qrCodeOn(holder)).toBe(uri);
          else expect(await holder.page.locator('img.qr').count()).toBe(0);
        }
        expect(holder.complaints()).toEqual([]);
      });
    });
  },
);
