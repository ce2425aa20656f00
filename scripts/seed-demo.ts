import { toString as qrCode } from 'qrcode';
import { createBadge, findBadge, hasConfigurations, offerBadge } from './demo/badge-offer.js';
import { ManagementSession } from './demo/management-session.js';
import { demoCommand, demoSettings } from './demo/settings.js';

/**
 * Shows what Chancery does, on an issuer that has nothing yet: makes the demo credential configuration and an offer of it,
 * over the management API as any back-end would. Leaves an issuer with configurations of its own alone.
 */
async function seedDemo(): Promise<void> {
  const { url, admin } = demoSettings(process.env);
  if (admin === undefined) throw new Error('set ADMIN_CLIENT_ID and ADMIN_CLIENT_SECRET');
  const session = await ManagementSession.open({ url, ...admin });
  let badge = await findBadge(session);
  if (badge === undefined && (await hasConfigurations(session))) return;
  badge ??= await createBadge(session);
  const offer = await offerBadge(session, badge);
  const code = await qrCode(offer.uri, { type: 'utf8', errorCorrectionLevel: 'L', margin: 2 });
  console.log(`A first offer, an employee badge for an invented person, to be scanned with a wallet that reaches ${url}:\n`);
  console.log(code);
  console.log(`  ${offer.uri}\n`);
  console.log(`  It ends at ${new Date(offer.expiresAt).toLocaleString()}.\n`);
  console.log('Or collect one here, with the wallet library @openid4vc/openid4vci, at any time:\n');
  console.log(`  ${demoCommand(process.env)}\n`);
}

if (process.env.NODE_ENV !== 'production') {
  await seedDemo().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
