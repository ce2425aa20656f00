import type * as OidcProvider from 'oidc-provider';

type Console = Pick<typeof console, 'warn' | 'info'>;

/** What oidc-provider says of Node 20, on which it works, and of keeping sessions in memory, as a demo may. */
const HARMLESS = /oidc-provider (WARNING|NOTICE): (Unsupported runtime|a quick start development-only in-memory adapter)/;

/** Loads oidc-provider, without what it always prints. */
export function loadProvider(): Promise<typeof OidcProvider> {
  return quietly(() => import('oidc-provider'));
}

/** Runs something of oidc-provider's without its harmless warnings; others come through. */
export async function quietly<T>(action: () => T | Promise<T>): Promise<T> {
  const { warn, info } = console;
  const filtered =
    (print: Console['warn']): Console['warn'] =>
    (...parts) => {
      if (!HARMLESS.test(String(parts[0]))) print(...parts);
    };
  Object.assign(console, { warn: filtered(warn), info: filtered(info) });
  try {
    return await action();
  } finally {
    Object.assign(console, { warn, info });
  }
}
