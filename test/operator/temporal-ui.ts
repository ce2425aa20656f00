import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import type { SystemAddress } from '../harness/connections.js';

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));

export type IssuanceTab = 'Timeline' | 'Event History' | 'Pending Activities' | 'User Metadata' | 'Search Attributes';

/** What is used of the elements of a page, where the code runs in the browser. */
interface InPage {
  readonly ownerDocument: { createElement(name: 'a'): InPage };
  href: string;
  getAttribute(name: string): string | null;
  scrollIntoView(options: { block: 'start' }): void;
  append(child: InPage): void;
  click(): void;
  remove(): void;
}

/** Runs in the browser. */
function followLink(body: InPage, url: string): void {
  const link = body.ownerDocument.createElement('a');
  link.href = url;
  body.append(link);
  link.click();
  link.remove();
}

/** Temporal UI as an operator uses it, in a browser profile of its own. */
export class TemporalUi {
  private constructor(
    readonly page: Page,
    readonly system: SystemAddress,
  ) {}

  static async open(profile: BrowserContext, system: SystemAddress): Promise<TemporalUi> {
    profile.setDefaultTimeout(15_000);
    return new TemporalUi(await profile.newPage(), system);
  }

  /** Opens the list of workflows with a query. */
  async list(query: string): Promise<void> {
    await this.#follow(`workflows?query=${encodeURIComponent(query)}`);
  }

  /** Ids of the offers whose issuances the page lists, sorted. */
  async listed(): Promise<readonly string[]> {
    const hrefs = await this.page
      .locator('table a')
      .evaluateAll((links: InPage[]) => links.map((link) => link.getAttribute('href')));
    const ids = hrefs
      .map((href) => href ?? '')
      .map((href) => /\/(?:iss|offer):default:([^/]+)\//.exec(decodeURIComponent(href))?.[1] ?? href);
    return [...new Set(ids)].sort();
  }

  /** Opens an issuance, as the link of the management API does. */
  issuance(sessionId: string, tab: IssuanceTab = 'Timeline'): Promise<void> {
    return this.#workflow(`iss:default:${sessionId}`, tab);
  }

  /** Opens the workflow of a reusable offer likewise. */
  offer(offerId: string, tab: IssuanceTab): Promise<void> {
    return this.#workflow(`offer:default:${offerId}`, tab);
  }

  async #workflow(workflowId: string, tab: IssuanceTab): Promise<void> {
    await this.#follow(`workflows/${workflowId}`);
    // The page before may have the same tabs.
    await this.page.waitForURL(({ pathname }) => decodeURIComponent(pathname).includes(`/${workflowId}/`));
    await this.page.getByRole('tab', { name: tab }).click();
  }

  /** Goes to a page of the namespace: by a link, where Temporal UI is open, as its own links do, so that it is not loaded anew. */
  async #follow(path: string): Promise<void> {
    const { temporalUiUrl, namespace } = this.system;
    const url = `${temporalUiUrl}/namespaces/${namespace}/${path}`;
    if (!this.page.url().startsWith(temporalUiUrl)) await this.page.goto(url);
    else await this.page.locator('body').evaluate(followLink, url);
  }

  /** All that is to be read on the page, whatever is drawn in frames included. */
  async text(): Promise<string> {
    const texts = await Promise.all(
      this.page.frames().map((frame) =>
        frame
          .locator('body')
          .innerText()
          .catch(() => ''),
      ),
    );
    return texts.join('\n');
  }

  /** Logs in at the codec server's page. */
  async logIn(): Promise<void> {
    const { url, admin } = this.system;
    await this.page.goto(`${url}/v1/temporal/codec/login`);
    await this.page.getByLabel('Client id').fill(admin.clientId);
    await this.page.getByLabel('Client secret').fill(admin.clientSecret);
    await this.page.getByRole('button', { name: 'Log in' }).click();
    await this.page.getByRole('heading', { name: 'You are logged in' }).waitFor();
  }

  async logOut(): Promise<void> {
    await this.page.goto(`${this.system.url}/v1/temporal/codec/login`);
    await this.page.getByRole('button', { name: 'Log out' }).click();
    await this.page.getByLabel('Client secret').waitFor();
  }

  /** Does in Temporal UI what the codec server's page says once logged in. */
  async useCodec(): Promise<void> {
    await this.page.goto(`${this.system.temporalUiUrl}/namespaces/${this.system.namespace}/workflows`);
    await this.page.locator('[data-testid^="data-encoder-status"]').click();
    await this.page.getByText('Use my browser setting and ignore Cluster-level setting').click();
    await this.page.getByLabel('Codec Server browser endpoint').fill(`${this.system.url}/v1/temporal/codec`);
    await this.page.getByText('Include cross-origin credentials').click();
    await this.page.locator('[data-testid="confirm-modal-button"]:visible').click();
    await this.page.locator('[data-testid="confirm-modal-button"]:visible').waitFor({ state: 'detached' });
  }

  /**
   * Keeps a picture of the page for the documentation, where UPDATE_SCREENSHOTS=1 asks for it. It has `showing` in it: the page draws
   * payloads anew, and undecoded at first, whenever it refreshes. `from` is the heading to scroll to.
   */
  async picture(name: string, { showing, from }: { showing: string; from?: string }): Promise<void> {
    if (process.env.UPDATE_SCREENSHOTS !== '1') return;
    if (from !== undefined) {
      await this.page
        .getByRole('heading', { name: from })
        .evaluate((heading: InPage) => heading.scrollIntoView({ block: 'start' }));
    }
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const before = await this.text();
      await this.page.screenshot({ path: `${IMAGES}${name}.png`, animations: 'disabled' });
      if (before.includes(showing) && (await this.text()).includes(showing)) return;
      await this.page.waitForTimeout(250);
    }
    throw new Error(`the picture ${name} does not show ${showing}`);
  }
}
