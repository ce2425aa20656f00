import { createInterface } from 'node:readline/promises';
import { createBadge, findBadge, offerBadge } from './demo/badge-offer.js';
import { collectByCode } from './demo/code-flow.js';
import { IssuerNotRunning, ManagementRefusal, ManagementSession } from './demo/management-session.js';
import { readOptions, USAGE, type DemoOptions } from './demo/options.js';
import { receiveOffer } from './demo/receive-offer.js';
import { demoSettings } from './demo/settings.js';
import { show } from './demo/show.js';
import type { CheckCredential, ReceivedOffer } from './demo/wallet.js';
import { walletPackages } from './demo/wallet-packages.js';
import { setupSentence } from './engines/setup-error.js';
import { loadEnvFile } from './start/env-file.js';

async function demo(): Promise<void> {
  loadEnvFile();
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else if (options.flow === 'pre-authorized') await collectPreAuthorized(options);
  else await collectByCode({ options, env: process.env, openSession, onStep: step, check: verifyAndShow });
}

async function collectPreAuthorized(options: DemoOptions): Promise<void> {
  const offerUri = options.offer ?? (await freshOffer());
  const { DemoWallet } = await walletPackages();
  const wallet = new DemoWallet({ allowHttp: true, onStep: step });
  const received = await receiveOffer(wallet, offerUri, 'pre-authorized');
  const transactionCode = options.transactionCode ?? (await askTransactionCode(received));
  await wallet.collect(received, {
    ...(transactionCode === undefined ? {} : { transactionCode }),
    check: verifyAndShow(received.offer.credential_issuer),
  });
}

async function freshOffer(): Promise<string> {
  const session = await openSession();
  const { uri } = await offerBadge(session, (await findBadge(session)) ?? (await createBadge(session)));
  step('offer made by the management API');
  return uri;
}

function openSession(): Promise<ManagementSession> {
  const { url, admin } = demoSettings(process.env);
  if (admin !== undefined) return ManagementSession.open({ url, ...admin });
  throw new Error(
    'There is no offer to collect: start the issuer with `npm start` first, or set ADMIN_CLIENT_ID and ADMIN_CLIENT_SECRET, or give one with --offer.',
  );
}

function verifyAndShow(issuer: string): CheckCredential {
  return async ({ credential, holderKey }) => {
    const text = asText(credential);
    if (!text.includes('~')) {
      console.log(`  ✓ received; this demo verifies SD-JWT VC, and shows other formats as they are\n\n${text}\n`);
      return;
    }
    const { verifyCredential } = await walletPackages();
    const verified = await verifyCredential({ credential, issuer, holderKey });
    console.log(`  ✓ verified\n\n${show(verified)}\n`);
  };
}

/** Of a format that is a JSON object, its JSON. */
function asText(credential: unknown): string {
  return typeof credential === 'string' ? credential : JSON.stringify(credential, null, 2);
}

async function askTransactionCode({ transactionCode }: ReceivedOffer): Promise<string | undefined> {
  if (transactionCode === undefined) return undefined;
  if (!process.stdin.isTTY) throw new Error('This offer needs its transaction code: give it with --tx-code.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`  ${transactionCode.description ?? 'Transaction code'}: `);
  terminal.close();
  return answer.trim();
}

function step(what: string): void {
  console.log(`  ✓ ${what}`);
}

function explain(error: unknown): string {
  if (error instanceof IssuerNotRunning)
    return `The issuer is not running (${error.message}): start it with \`npm start\` and try again.`;
  if (error instanceof ManagementRefusal && error.status === 401)
    return 'The issuer refuses the management client: give the ADMIN_CLIENT_ID, ADMIN_CLIENT_SECRET or DATA_DIR that `npm start` was given.';
  return setupSentence(error) ?? refusalOf(error) ?? (error instanceof Error ? error.message : String(error));
}

/** What the issuer answered the wallet (RFC 6749 5.2), which the library keeps beside its own words. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errorResponse' in error)) return undefined;
  const { error: code, error_description: description } = error.errorResponse as { error?: string; error_description?: string };
  return `The issuer refuses: ${code ?? 'without a reason'}${description === undefined ? '' : ` (${description})`}.`;
}

await demo().catch((error: unknown) => {
  console.error(`\n${explain(error)}`);
  process.exitCode = 1;
});
