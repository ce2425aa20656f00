import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCredential } from '../../scripts/demo/verify-credential.js';
import { useOwnProcesses } from '../harness/use-system.js';
import { CodeIssuer, LOGIN_MAPPINGS } from './authorization-server.js';
import { answering, startClaimsSource, type ClaimsSourceServer } from './claims-source-server.js';
import { HolderBrowser, locationOf } from './holder-browser.js';
import { TestHook } from './hook-server.js';
import { logIn } from './identity-provider.js';
import { LibraryCodeWallet, type AskBy, type CodeCollection } from './library-code-wallet.js';
import { LIBRARIES } from './library-wallet.js';

interface Variant {
  readonly begins: 'offer by value' | 'offer by reference' | 'wallet';
  readonly askBy: AskBy;
  readonly dpop: boolean;
  readonly pushed: boolean;
  readonly hook: boolean;
  readonly claimSource: boolean;
}

/** Each value of each column at least once; the libraries push wherever the metadata has an endpoint for it. */
const VARIANTS: readonly Variant[] = [
  { begins: 'offer by value', askBy: 'scope', dpop: true, pushed: true, hook: false, claimSource: false },
  { begins: 'offer by reference', askBy: 'authorization_details', dpop: true, pushed: true, hook: true, claimSource: true },
  { begins: 'offer by reference', askBy: 'issuer_state', dpop: false, pushed: true, hook: false, claimSource: true },
  { begins: 'wallet', askBy: 'scope', dpop: false, pushed: true, hook: true, claimSource: false },
  { begins: 'wallet', askBy: 'authorization_details', dpop: true, pushed: false, hook: false, claimSource: false },
];

const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost' } });
let issuer: CodeIssuer;
let hook: TestHook;
let source: ClaimsSourceServer;
let configurations: Readonly<Record<'fromLogin' | 'fromSource', string>>;

beforeAll(async () => {
  [issuer, source] = await Promise.all([CodeIssuer.start(system()), startClaimsSource()]);
  hook = await TestHook.start(issuer);
  source.behave(answering({ family_name: 'Fromsource', job_title: 'Tester' }));
  const claimSourceId = await issuer.backend.claimSource({
    name: 'HR system',
    url: source.url,
    requestMethod: 'GET',
    requestParameters: { email: { mapFrom: 'claims.email' } },
    authorization: { type: 'api-key', value: 'key-of-the-tests' },
  });
  const claimMappings = { ...LOGIN_MAPPINGS, job_title: { mapFrom: 'claims.job_title', required: true } };
  configurations = {
    fromLogin: (await issuer.credential()).id,
    fromSource: (await issuer.credential({ claimMappings, claimSourceId })).id,
  };
});
afterAll(() => Promise.all([hook.stop(), source.stop(), issuer.stop()]));

/** The holder: agrees, logs in, and confirms at the hook where there is one. */
async function browse(authorizationUrl: string): Promise<string> {
  const browser = new HolderBrowser();
  const atProvider = await issuer.agree(browser, authorizationUrl);
  const next = locationOf(await browser.get(await logIn(atProvider, 'ngaio')));
  if (!next.startsWith(hook.url)) return next;
  return locationOf(await browser.get(await hook.confirm(next)));
}

async function collect(wallet: LibraryCodeWallet, configurationId: string, variant: Variant): Promise<CodeCollection> {
  if (variant.begins === 'wallet') return wallet.begin({ issuer: system().url, configurationId }, variant, browse);
  const mode = variant.begins === 'offer by reference' ? 'reference' : 'value';
  const body = { credentials: [configurationId], credentialOfferMode: mode };
  const { uri } = (await issuer.backend.session.post('/v1/openid/offers', body)) as { uri: string };
  expect(new URL(uri).searchParams.has('credential_offer_uri')).toBe(mode === 'reference');
  return wallet.followOffer(uri, variant, browse);
}

describe.each(LIBRARIES)('a wallet built on %s', (_name, library) => {
  it.each(VARIANTS)(
    'AUT-01 AUT-02 TOK-01 TOK-08 collects and verifies: $begins, by $askBy, DPoP $dpop, pushed $pushed, hook $hook, claims source $claimSource',
    async (variant) => {
      await hook.configure({ disabled: !variant.hook });
      const wallet = new LibraryCodeWallet(library);
      const configurationId = configurations[variant.claimSource ? 'fromSource' : 'fromLogin'];
      const collection = await collect(wallet, configurationId, variant);

      const sent = collection.authorizationUrl.searchParams;
      expect([sent.has('request_uri'), sent.has('dpop_jkt')]).toEqual([variant.pushed, !variant.pushed]);
      expect(collection.tokenType).toBe(variant.dpop ? 'DPoP' : 'Bearer');
      expect(collection.credentialIdentifier !== undefined).toBe(variant.askBy === 'authorization_details');
      expect([collection.issuer, collection.notificationStatus]).toEqual([system().url, 204]);

      const [credential = ''] = collection.credentials;
      const [holderKey = {}] = collection.holderKeys;
      const { payload } = await verifyCredential({ credential, issuer: system().url, holderKey });
      expect(payload).toMatchObject({
        given_name: 'Ngaio',
        ...(variant.claimSource ? { family_name: 'Fromsource', job_title: 'Tester' } : { family_name: 'Holder' }),
        ...(variant.hook ? { department: 'Research' } : {}),
      });
      expect(Object.hasOwn(payload, 'department')).toBe(variant.hook);
    },
  );

  it('shares a reusable offer with another wallet', async () => {
    await hook.configure({ disabled: true });
    const body = { credentials: [configurations.fromLogin] };
    const { uri } = (await issuer.backend.session.post('/v1/openid/offers', body)) as { uri: string };
    for (let holder = 0; holder < 2; holder += 1) {
      const journey = { askBy: 'scope', dpop: true } as const;
      expect((await new LibraryCodeWallet(library).followOffer(uri, journey, browse)).credentials).toHaveLength(1);
    }
  });
});
