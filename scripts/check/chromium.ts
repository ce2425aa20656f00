import { findOnPath, isExecutable } from '../engines/executables.js';
import { canInstall, installPackage } from './apt-get.js';

/** Chromium without a window does with half of the processor time. */
const HEADLESS_SHELL = 'chromium-headless-shell';
const NAMES = [HEADLESS_SHELL, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** What the tests that need a browser are told: where it is, or why there is none. */
export type ChromiumEnvironment = { readonly CHROME_PATH: string } | { readonly CHROMIUM_MISSING: string };

interface ChromiumOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: (line: string) => void;
}

/** Finds the system's Chromium or Chrome, or installs it where the system's package manager lets us. */
export function ensureChromium({ env, progress }: ChromiumOptions): ChromiumEnvironment {
  if (env.CHROME_PATH !== undefined && env.CHROME_PATH !== '') {
    return isExecutable(env.CHROME_PATH)
      ? { CHROME_PATH: env.CHROME_PATH }
      : { CHROMIUM_MISSING: `CHROME_PATH is ${env.CHROME_PATH}, which is no program` };
  }
  const found = find(env.PATH);
  if (found !== undefined) return { CHROME_PATH: found };
  if (!canInstall(env.PATH))
    return { CHROMIUM_MISSING: 'no Chromium or Chrome on PATH: install one (apt-get install chromium), or set CHROME_PATH' };
  progress('Installing Chromium for the tests in a browser');
  for (const name of [HEADLESS_SHELL, 'chromium']) {
    installPackage(name);
    const installed = find(env.PATH);
    if (installed !== undefined) return { CHROME_PATH: installed };
  }
  return { CHROMIUM_MISSING: 'apt-get could not install chromium' };
}

function find(path: string | undefined): string | undefined {
  return NAMES.map((name) => findOnPath(name, path)).find((file) => file !== undefined) ?? (isExecutable(MAC) ? MAC : undefined);
}
