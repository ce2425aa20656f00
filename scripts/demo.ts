import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { createBadge, findBadge, offerBadge } from './demo/badge-offer.js';
import { IssuerNotRunning, ManagementRefusal, ManagementSession } from './demo/management-session.js';
import { demoSettings } from './demo/settings.js';
import { show } from './demo/show.js';
import { verifyCredential } from './demo/verify-credential.js';
import type { DemoWallet, ReceivedOffer } from './demo/wallet.js';
import { setupSentence } from './engines/setup-error.js';
import { loadEnvFile } from './start/env-file.js';

const USAGE = `Usage: npm run demo -- [--offer <openid-credential-offer://...>] [--tx-code <code>]

Collects a credential and verifies it. Without --offer it makes an offer of the demo credential first.`;

async function demo(): Promise<void> {
  loadEnvFile();
  const { values } = parseArgs({
    options: { offer: { type: 'string' }, 'tx-code': { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    console.log(USAGE);
    return;
  }
  const offerUri = values.offer ?? (await freshOffer());
  const wallet = await createWallet();
  const received = await wallet.receive(offerUri).catch((cause: unknown) => {
    throw new Error(
      'The offer cannot be read: it has ended, its issuer is not running, or it is not the whole openid-credential-offer:// link.',
      { cause },
    );
  });
  const transactionCode = values['tx-code'] ?? (await askTransactionCode(received));
  const issuer = received.offer.credential_issuer;
  await wallet.collect(received, {
    ...(transactionCode === undefined ? {} : { transactionCode }),
    check: async ({ credential, holderKey }) => {
      const verified = await verifyCredential({ credential, issuer, holderKey });
      console.log(`  ✓ verified\n\n${show(verified)}\n`);
    },
  });
}

async function freshOffer(): Promise<string> {
  const { url, admin } = demoSettings(process.env);
  if (admin === undefined) {
    throw new Error(
      'There is no offer to collect: start the issuer with `npm start` first, or set ADMIN_CLIENT_ID and ADMIN_CLIENT_SECRET, or give one with --offer.',
    );
  }
  const session = await ManagementSession.open({ url, ...admin });
  const { uri } = await offerBadge(session, (await findBadge(session)) ?? (await createBadge(session)));
  step('offer made by the management API');
  return uri;
}

/** The wallet's libraries are development packages: their absence deserves a sentence. */
async function createWallet(): Promise<DemoWallet> {
  try {
    const { DemoWallet } = await import('./demo/wallet.js');
    return new DemoWallet({ allowHttp: true, onStep: step });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('The demo needs the development packages: run `npm ci --include=dev`.', { cause: error });
  }
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
  return setupSentence(error) ?? (error instanceof Error ? error.message : String(error));
}

await demo().catch((error: unknown) => {
  console.error(`\n${explain(error)}`);
  process.exitCode = 1;
});
