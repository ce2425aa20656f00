import { toString as qrCode } from 'qrcode';
import { createBadge, findBadge, hasConfigurations, offerBadge, type CreatedOffer } from './demo/badge-offer.js';
import { demoSecrets } from './demo/demo-secrets.js';
import { offerEmployeeId, type CreatedReusableOffer } from './demo/employee-id-offer.js';
import { setUpEmployeeId } from './demo/employee-id-settings.js';
import { ManagementSession } from './demo/management-session.js';
import { demoUrls } from './demo/ports.js';
import { whileSeeding } from './demo/seeding.js';
import { demoCommand, demoDataFolder, demoSettings } from './demo/settings.js';
import { SetupError } from './engines/setup-error.js';

interface Offers {
  readonly badge: CreatedOffer;
  /** Where the demo's services run. */
  readonly employeeId?: CreatedReusableOffer;
}

/**
 * Shows what Chancery does, on an issuer that has nothing yet: makes the demo's credential configurations and an offer of
 * each, over the management API as any back-end would. Leaves an issuer with configurations of its own alone.
 */
async function seedDemo(): Promise<void> {
  const dataFolder = demoDataFolder(process.env);
  const { url, admin } = demoSettings(process.env);
  if (admin === undefined) throw new Error('set ADMIN_CLIENT_ID and ADMIN_CLIENT_SECRET');
  const session = await ManagementSession.open({ url, ...admin });
  const offers = await whileSeeding(dataFolder, () => makeOffers(session, dataFolder));
  if (offers === undefined) return;
  await showBadge(offers.badge, url);
  if (offers.employeeId !== undefined) showEmployeeId(offers.employeeId);
}

/** Goes on where an earlier time was cut off. */
async function makeOffers(session: ManagementSession, dataFolder: string): Promise<Offers | undefined> {
  const found = await findBadge(session);
  if (found === undefined && (await hasConfigurations(session))) return undefined;
  const badge = await offerBadge(session, found ?? (await createBadge(session)));
  if (process.env.DEMO_SERVICES === 'off') return { badge };
  try {
    const services = { urls: demoUrls(process.env), secrets: await demoSecrets(dataFolder), dataFolder };
    return { badge, employeeId: await offerEmployeeId(session, await setUpEmployeeId(session, services)) };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.log(error.message);
    return { badge };
  }
}

async function showBadge({ uri, expiresAt }: CreatedOffer, url: string): Promise<void> {
  const code = await qrCode(uri, { type: 'utf8', errorCorrectionLevel: 'L', margin: 2 });
  console.log(`A first offer, an employee badge for an invented person, to be scanned with a wallet that reaches ${url}:\n`);
  console.log(code);
  console.log(`  ${uri}\n`);
  console.log(`  It ends at ${new Date(expiresAt).toLocaleString()}.\n`);
  console.log('Or collect one here, with the wallet library @openid4vc/openid4vci, at any time:\n');
  console.log(`  ${demoCommand(process.env)}\n`);
}

function showEmployeeId({ uri, pageUrl }: CreatedReusableOffer): void {
  console.log('Demo: an offer for anybody who logs in, at a provider of the demo (authorization code flow):\n');
  console.log(`  ${uri}\n`);
  console.log(`  as a page for people: ${pageUrl}\n`);
  console.log('Or go its whole way here; --browser at the end lets you log in yourself:\n');
  console.log(`  ${demoCommand(process.env, 'authorization-code')}\n`);
}

if (process.env.NODE_ENV !== 'production') {
  await seedDemo().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
