import type { DemoWallet, ReceivedOffer } from './wallet.js';

const GRANTS = {
  'pre-authorized': 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
  'authorization-code': 'authorization_code',
} as const;

/** Reads an offer, which has to be for this flow. @throws {Error} with a sentence */
export async function receiveOffer(wallet: DemoWallet, offerUri: string, flow: keyof typeof GRANTS): Promise<ReceivedOffer> {
  const received = await wallet.receive(offerUri).catch((cause: unknown) => {
    throw new Error(
      'The offer cannot be read: it has ended, its issuer is not running, or it is not the whole openid-credential-offer:// link.',
      { cause },
    );
  });
  if (received.offer.grants?.[GRANTS[flow]] !== undefined) return received;
  throw new Error(
    flow === 'pre-authorized'
      ? 'This offer has no pre-authorized code: its holder logs in, with --flow authorization-code.'
      : 'This offer is not for the authorization code flow: leave out --flow authorization-code.',
  );
}
