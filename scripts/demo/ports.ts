import { z } from 'zod';
import { SetupError } from '../engines/setup-error.js';

type Environment = Readonly<Record<string, string | undefined>>;

const message = 'needs a port from 1 to 65535.';

/** A variable that holds a port. */
export const portSetting = (fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, { message, abort: true })
    .transform(Number)
    .pipe(z.number().min(1, message).max(65_535, message))
    .default(fallback);

/** Where the demo's services listen, by variable. */
export const demoPortSettings = {
  DEMO_PROVIDER_PORT: portSetting(3010),
  DEMO_HOOK_PORT: portSetting(3011),
  DEMO_CLAIMS_PORT: portSetting(3012),
};

const schema = z.object(demoPortSettings);

export type DemoPorts = Readonly<z.output<typeof schema>>;

/** The ports of the demo's services, by variable. @throws {SetupError} naming each that is none */
export function demoPorts(env: Environment): DemoPorts {
  const result = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (result.success) return result.data;
  throw new SetupError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
}

/** The demo's services as issuer and browser call them. */
export interface DemoUrls {
  readonly provider: string;
  readonly hook: string;
  readonly claims: string;
}

/** @throws {SetupError} where a port is none */
export function demoUrls(env: Environment): DemoUrls {
  const { DEMO_PROVIDER_PORT, DEMO_HOOK_PORT, DEMO_CLAIMS_PORT } = demoPorts(env);
  return {
    provider: `http://localhost:${DEMO_PROVIDER_PORT}`,
    hook: `http://localhost:${DEMO_HOOK_PORT}`,
    claims: `http://localhost:${DEMO_CLAIMS_PORT}/claims`,
  };
}
