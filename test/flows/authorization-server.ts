import { randomBytes } from 'node:crypto';
import type { DemoAccount } from '../../scripts/demo/people.js';
import type { SystemAddress } from '../harness/connections.js';
import { CodeWallet, type CodeRequest } from './code-wallet.js';
import { HolderBrowser, locationOf } from './holder-browser.js';
import { logIn, startTestIdentityProvider, type TestIdentityProvider } from './identity-provider.js';
import { IssuerBackend } from './issuer-backend.js';

/** Who logs in, in the tests. */
export const HOLDERS: readonly DemoAccount[] = [
  { id: 'ngaio', claims: { given_name: 'Ngaio', family_name: 'Holder', email: 'ngaio@holders.example' } },
  { id: 'bruno', claims: { given_name: 'Bruno', family_name: 'Inhaber', email: 'bruno@holders.example' } },
];

/** Maps what the provider says. */
export const LOGIN_MAPPINGS = {
  given_name: { mapFrom: 'claims.given_name', required: true },
  family_name: { mapFrom: 'claims.family_name' },
  department: { mapFrom: 'claims.department' },
};

/** An issuer with an authentication provider: what the tests of the authorization code flow need of it. */
export class CodeIssuer {
  private constructor(
    readonly system: SystemAddress,
    readonly backend: IssuerBackend,
    readonly provider: TestIdentityProvider,
    readonly providerId: string,
  ) {}

  /** Starts a provider and registers it as the issuer's default. The system has to allow requests to `localhost`. */
  static async start(
    system: SystemAddress,
    {
      accounts = HOLDERS,
      provider: more = {},
    }: { accounts?: readonly DemoAccount[]; provider?: Readonly<Record<string, unknown>> } = {},
  ): Promise<CodeIssuer> {
    const redirectUri = `${system.url}/v1/oauth/authentication/callback`;
    const provider = await startTestIdentityProvider({ accounts, redirectUri });
    const backend = await IssuerBackend.login(system);
    const { url, clientId, clientSecret } = provider;
    const body = { url, clientId, clientSecret, isDefault: true, ...more };
    const { id } = (await backend.session.post('/v1/users/authentication-providers', body)) as { id: string };
    return new CodeIssuer(system, backend, provider, id);
  }

  /** Makes a configuration whose claims come from the login; gives its id and scope. */
  async credential(overrides: Readonly<Record<string, unknown>> = {}): Promise<{ id: string; scope: string }> {
    const type = `urn:test:${randomBytes(8).toString('hex')}`;
    const id = await this.backend.configuration({ type, claimMappings: LOGIN_MAPPINGS, ...overrides });
    return { id, scope: `dc+sd-jwt:${type}` };
  }

  wallet(options: ConstructorParameters<typeof CodeWallet>[1] = {}): CodeWallet {
    return new CodeWallet(this.system.url, options);
  }

  /** Opens the consent page and agrees; gives the URL at the provider. */
  async agree(browser: HolderBrowser, authorizationUrl: string): Promise<string> {
    const page = await browser.get(authorizationUrl);
    return locationOf(await browser.submit(page, authorizationUrl, 'continue'));
  }

  /** From the wallet's request to where the browser is sent after the login: the wallet, or the interaction hook. */
  async authorize(
    wallet: CodeWallet,
    request: CodeRequest,
    { account = 'ngaio', browser = new HolderBrowser() }: { account?: string; browser?: HolderBrowser } = {},
  ): Promise<string> {
    const atProvider = await this.agree(browser, await wallet.authorizationUrl(request));
    return locationOf(await browser.get(await logIn(atProvider, account)));
  }

  /** Likewise, up to the code that the wallet gets. */
  async code(
    wallet: CodeWallet,
    request: CodeRequest,
    options: { account?: string; browser?: HolderBrowser } = {},
  ): Promise<string> {
    const code = wallet.answerIn(await this.authorize(wallet, request, options)).get('code');
    if (code === null) throw new Error('the wallet got no code');
    return code;
  }

  stop(): Promise<void> {
    return this.provider.stop();
  }
}
