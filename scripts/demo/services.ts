import { PATHS } from '../../api/wallet/wallet-issuer.js';
import { isPortFree } from '../engines/ports.js';
import { SetupError } from '../engines/setup-error.js';
import { startDemoClaimsSource } from './claims-source.js';
import { DEMO_CLIENT_ID, demoSecrets, hookSecret } from './demo-secrets.js';
import type { DemoServer } from './demo-server.js';
import type * as IdentityProvider from './identity-provider.js';
import { startInteractionHook } from './interaction-hook.js';
import { DEMO_PEOPLE } from './people.js';
import { demoPorts, type DemoPorts } from './ports.js';
import { demoDataFolder, demoSettings } from './settings.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts the provider, the hook and the claims source of the demo. The provider comes last: once it answers, all do.
 *
 * @throws {SetupError} in production, for a port in use, and without the development packages
 */
export async function startDemoServices(env: Environment): Promise<readonly DemoServer[]> {
  if (env.NODE_ENV === 'production')
    throw new SetupError('The demo lets anybody log in as anybody: it does not run in production.');
  const wanted = demoPorts(env);
  await requireFree(wanted);
  const dataFolder = demoDataFolder(env);
  const secrets = await demoSecrets(dataFolder);
  const { url: issuerUrl } = demoSettings(env);
  const { startIdentityProvider } = await loadIdentityProvider();
  return [
    await startDemoClaimsSource({ port: wanted.DEMO_CLAIMS_PORT, apiKey: secrets.apiKey }),
    await startInteractionHook({ port: wanted.DEMO_HOOK_PORT, issuerUrl, secret: () => hookSecret(dataFolder) }),
    await startIdentityProvider({
      port: wanted.DEMO_PROVIDER_PORT,
      accounts: DEMO_PEOPLE,
      client: {
        clientId: DEMO_CLIENT_ID,
        clientSecret: secrets.clientSecret,
        redirectUri: issuerUrl + PATHS.authenticationCallback,
      },
      signingKey: secrets.signingKey,
      cookieKey: secrets.cookieKey,
    }),
  ];
}

async function requireFree(wanted: DemoPorts): Promise<void> {
  const seen = new Map<number, string>();
  for (const [variable, port] of Object.entries(wanted)) {
    const other = seen.get(port);
    if (other !== undefined) throw new SetupError(`${other} and ${variable} are both ${port}: set one of them to another port.`);
    seen.set(port, variable);
    if (await isPortFree(port)) continue;
    throw new SetupError(
      `Port ${port} (${variable}) is in use by another program: stop that program, or set ${variable} to a free port.`,
    );
  }
}

/** oidc-provider is a development package: its absence deserves a sentence. */
async function loadIdentityProvider(): Promise<typeof IdentityProvider> {
  const { loadProvider } = await import('./quiet-provider.js');
  try {
    await loadProvider();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new SetupError('The demo needs the development packages: run `npm ci --include=dev`.', { cause });
  }
  return import('./identity-provider.js');
}
