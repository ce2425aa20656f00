import type { BrowserContext, Page } from 'playwright-core';

/** What a browser made of a page. */
export interface Measures {
  readonly isWiderThanWindow: boolean;
  /** Texts whose colour is too near to what is behind them, with their contrast. */
  readonly faint: readonly string[];
  /** Links and buttons smaller than 24 pixels either way (WCAG 2.2, 2.5.8). */
  readonly small: readonly string[];
  /** Links and buttons, in the order they are written. */
  readonly interactive: readonly string[];
}

/** Runs in the page, which knows the DOM; this project's compiler does not. */
const MEASURE = `(() => {
  const colorOf = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return { r, g, b, a }; };
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = colorOf(getComputedStyle(at).backgroundColor);
      if (color.a === 1) return color;
      if (color.a !== 0) throw new Error('translucent');
    }
    return { r: 255, g: 255, b: 255 };
  };
  const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ({ r, g, b }) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const interactive = [...document.querySelectorAll('a, button')];
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (texts.nextNode() !== null) {
    const text = texts.currentNode.data.trim();
    const element = texts.currentNode.parentElement;
    if (text === '') continue;
    seen += 1;
    const ratio = contrast(colorOf(getComputedStyle(element).color), behind(element));
    if (ratio < 4.5) faint.push(text + ' ' + ratio.toFixed(2));
  }
  if (seen === 0) throw new Error('nothing to read');
  return {
    isWiderThanWindow: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    faint,
    small: interactive.filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return width < 24 || height < 24;
    }).map((element) => element.textContent),
    interactive: interactive.map((element) => element.textContent),
  };
})()`;

const FOCUSED = `(() => {
  const { textContent } = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2 ? textContent : 'focus cannot be seen: ' + textContent;
})()`;

interface Node {
  readonly role?: { readonly value?: unknown };
  readonly name?: { readonly value?: unknown };
  readonly ignored: boolean;
}

/** A page in a browser, and all it complained of. */
export class MeasuredPage {
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('console', (message) => this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  static async open(context: BrowserContext): Promise<MeasuredPage> {
    return new MeasuredPage(await context.newPage());
  }

  async show(url: string, { width, dark = false }: { width: number; dark?: boolean }): Promise<Measures> {
    await this.page.setViewportSize({ width, height: 900 });
    await this.page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    await this.page.goto(url);
    return this.page.evaluate<Measures>(MEASURE);
  }

  /** Where the tab key leads, one element after the other; those whose focus cannot be seen are marked. */
  async tabThrough(steps: number): Promise<readonly string[]> {
    const reached: string[] = [];
    for (let step = 0; step < steps; step += 1) {
      await this.page.keyboard.press('Tab');
      reached.push(await this.page.evaluate<string>(FOCUSED));
    }
    return reached;
  }

  /** Roles of what assistive technology is shown without a name, of all that needs one; and how many have one. */
  async names(): Promise<{ readonly nameless: readonly string[]; readonly named: number }> {
    const session = await this.page.context().newCDPSession(this.page);
    const { nodes } = (await session.send('Accessibility.getFullAXTree')) as { nodes: readonly Node[] };
    await session.detach();
    const needing = nodes
      .filter(({ ignored }) => !ignored)
      .map(({ role, name }) => ({ role: String(role?.value), name: typeof name?.value === 'string' ? name.value : '' }))
      .filter(({ role }) => ['RootWebArea', 'link', 'button', 'image', 'img', 'heading'].includes(role));
    const nameless = needing.filter(({ name }) => name.trim() === '').map(({ role }) => role);
    return { nameless, named: needing.length - nameless.length };
  }
}
