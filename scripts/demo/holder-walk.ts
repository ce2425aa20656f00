import { formWith, headingOf, type FilledForm, type Press } from './holder-form.js';
import type { DemoAccount } from './people.js';

const MOST_STEPS = 25;
const TIMEOUT_MS = 20_000;

interface Walk {
  /** Where the wallet sends the holder's browser. */
  readonly url: string;
  /** Where the way ends. */
  readonly redirectUri: string;
  /** Who logs in at the demo provider. */
  readonly account: DemoAccount;
  /** Told of each step, for showing it. */
  readonly onStep: (step: string) => void;
}

/** The holder's way leads to a page that this walk does not know. */
export class HolderLost extends Error {
  override readonly name = 'HolderLost';
}

/**
 * Goes a holder's way without a browser: agrees on the consent page, logs in at the demo provider, confirms at the demo
 * hook.
 *
 * @returns the URL at the redirect URI that a browser would now open in the wallet
 * @throws {HolderLost}
 */
export async function walkAsHolder({ url: first, redirectUri, account, onStep }: Walk): Promise<string> {
  const cookies = new Cookies();
  const presses = [...pressesOf(account)];
  let url = first;
  let form: FilledForm | undefined;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { location, page } = await visit(url, form, cookies);
    form = undefined;
    if (location !== undefined) {
      url = new URL(location, url).href;
      if (!url.startsWith(redirectUri)) continue;
      onStep('holder back in the wallet');
      return url;
    }
    // Each once: a page that comes again wants something else.
    const index = presses.findIndex(({ press }) => formWith(page, press) !== undefined);
    const [known] = index < 0 ? [] : presses.splice(index, 1);
    form = known === undefined ? undefined : formWith(page, known.press);
    if (known === undefined || form === undefined) throw lostAt(url, page);
    onStep(known.step);
    url = new URL(form.action, url).href;
  }
  throw new HolderLost('The holder is sent on and on, and never comes back to the wallet.');
}

/** What the holder does at the pages that are known. */
function pressesOf({ id, claims }: DemoAccount): readonly { press: Press; step: string }[] {
  return [
    { press: { name: 'decision', value: 'continue' }, step: 'consent page shown and agreed' },
    {
      press: { name: 'account', value: id },
      step: `logged in at the demo provider as ${claims.given_name} ${claims.family_name}`,
    },
    { press: { name: 'decision', value: 'confirm' }, step: 'confirmed at the demo hook' },
  ];
}

function lostAt(url: string, page: string): HolderLost {
  const heading = headingOf(page);
  const what = heading === undefined ? 'something that is no page' : `a page headed "${heading}"`;
  return new HolderLost(
    `The holder sees ${what} at ${new URL(url).origin}, where the demo knows no way on: go it yourself with --browser.`,
  );
}

async function visit(
  url: string,
  form: FilledForm | undefined,
  cookies: Cookies,
): Promise<{ readonly location?: string; readonly page: string }> {
  const { origin } = new URL(url);
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { cookie: cookies.of(origin), accept: 'text/html' },
    ...(form === undefined ? {} : { method: 'POST', body: form.fields }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new HolderLost(`The holder is sent to ${origin}, where nothing answers.`, { cause });
  });
  cookies.take(origin, response.headers.getSetCookie());
  const page = await response.text();
  const location = response.headers.get('location');
  return location === null ? { page } : { page, location };
}

/** A browser's cookies, by origin. */
class Cookies {
  readonly #jars = new Map<string, Map<string, string>>();

  of(origin: string): string {
    return [...this.#jar(origin)].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  take(origin: string, lines: readonly string[]): void {
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#jar(origin).set(name, value);
    }
  }

  #jar(origin: string): Map<string, string> {
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    return jar;
  }
}
