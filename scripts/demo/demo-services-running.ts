import { SetupError } from '../engines/setup-error.js';
import type { DemoUrls } from './ports.js';

/** @throws {SetupError} where the demo's services do not answer */
export async function requireDemoServices({ provider, hook, claims }: DemoUrls): Promise<void> {
  const origins = [provider, hook, claims].map((url) => new URL(url).origin);
  const running = await Promise.all(origins.map(isReady));
  const silent = origins[running.indexOf(false)];
  if (silent === undefined) return;
  throw new SetupError(
    `The demo services are not running (nothing of them answers at ${silent}): start the issuer with \`npm start\` and without DEMO_SERVICES=off, and try again.`,
  );
}

async function isReady(origin: string): Promise<boolean> {
  try {
    const answer = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(5000) });
    return answer.status === 200 && (await answer.text()) === '{}';
  } catch {
    return false;
  }
}
