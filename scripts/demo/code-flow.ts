import type { Authorization } from './code-wallet.js';
import { requireDemoServices } from './demo-services-running.js';
import { demoSecrets } from './demo-secrets.js';
import { offerEmployeeIdOnce } from './employee-id-offer.js';
import { setUpEmployeeId } from './employee-id-settings.js';
import { walkAsHolder } from './holder-walk.js';
import type { ManagementSession } from './management-session.js';
import type { DemoOptions } from './options.js';
import { demoUrls } from './ports.js';
import { receiveOffer } from './receive-offer.js';
import { demoDataFolder } from './settings.js';
import type { CheckCredential, OnStep } from './wallet.js';
import { WalletCallback } from './wallet-callback.js';
import { walletPackages } from './wallet-packages.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** How long a person may take in the browser, milliseconds; the pushed request lives no longer. */
const PATIENCE_MS = 300_000;
/** Nothing listens there: the walk ends before. */
const UNVISITED_REDIRECT_URI = 'http://127.0.0.1/callback';

interface CodeFlow {
  readonly options: DemoOptions;
  readonly env: Environment;
  /** Opens the management API, for an offer to be made. */
  readonly openSession: () => Promise<ManagementSession>;
  readonly onStep: OnStep;
  /** Given the issuer, checks and shows what was collected from it. */
  readonly check: (issuer: string) => CheckCredential;
}

/** Collects a credential by the authorization code flow, the holder's steps included. */
export async function collectByCode({ options, env, openSession, onStep, check }: CodeFlow): Promise<void> {
  const urls = demoUrls(env);
  const session = options.offer === undefined ? await openSession() : undefined;
  if (session !== undefined || !options.browser) await requireDemoServices(urls);
  const offerUri = options.offer ?? (session === undefined ? '' : await freshOffer(session, env, onStep));
  const { AuthorizationCodeWallet } = await walletPackages();
  const wallet = new AuthorizationCodeWallet({ allowHttp: true, onStep });
  const received = await receiveOffer(wallet, offerUri, 'authorization-code');
  const begin = (redirectUri: string) => wallet.begin(received, { redirectUri });
  const { authorization, answerUrl } = options.browser ? await inBrowser(begin, onStep) : await walk(begin, { options, onStep });
  await wallet.finish(received, { authorization, answerUrl, check: check(received.offer.credential_issuer) });
}

async function freshOffer(session: ManagementSession, env: Environment, onStep: OnStep): Promise<string> {
  const dataFolder = demoDataFolder(env);
  const secrets = await demoSecrets(dataFolder);
  const employeeId = await setUpEmployeeId(session, { urls: demoUrls(env), secrets, dataFolder });
  const { uri } = await offerEmployeeIdOnce(session, employeeId);
  onStep('offer made by the management API');
  return uri;
}

interface Answered {
  readonly authorization: Authorization;
  readonly answerUrl: string;
}

type Begin = (redirectUri: string) => Promise<Authorization>;

async function walk(begin: Begin, { options: { account }, onStep }: { options: DemoOptions; onStep: OnStep }): Promise<Answered> {
  const authorization = await begin(UNVISITED_REDIRECT_URI);
  const { url, redirectUri } = authorization;
  return { authorization, answerUrl: await walkAsHolder({ url, redirectUri, account, onStep }) };
}

async function inBrowser(begin: Begin, onStep: OnStep): Promise<Answered> {
  const callback = await WalletCallback.listen();
  try {
    const authorization = await begin(callback.redirectUri);
    const answered = callback.answer({ state: authorization.state, timeoutMs: PATIENCE_MS });
    console.log(`\nOpen this in a browser on this machine, within five minutes:\n\n  ${authorization.url}\n`);
    const answerUrl = await answered;
    onStep('holder back in the wallet');
    return { authorization, answerUrl };
  } finally {
    await callback.stop();
  }
}
