import { CodeWallet } from '../flows/code-wallet.js';
import { HolderBrowser, locationOf } from '../flows/holder-browser.js';
import { HookBackend, type HookAnswer } from '../flows/hook-backend.js';
import { exchange } from '../flows/http-exchange.js';
import type { IssuerBackend } from '../flows/issuer-backend.js';
import { startLightProvider } from '../flows/light-provider.js';
import { ReusableOffers, type ReusableOffer } from '../flows/reusable-offers.js';
import type { System } from '../harness/system.js';

/** How a session of the authorization code flow, or a reusable offer, can stand. */
export const SESSION_STANDINGS = {
  'at the provider': 'WAIT_AUTH',
  'at the hook': 'WAIT_INTERACTION',
  'waiting for a decision': 'WAIT_APPROVAL',
  'on the way back to the wallet': 'WAIT_CODE',
  'refused by the provider': 'authentication_failed',
  'refused by the hook': 'interaction_refused',
  'open offer': 'OPEN',
  'paused offer': 'PAUSED',
  'expired offer': 'expired',
  'revoked offer': 'revoked',
  'at the provider since a moment ago': 'WAIT_AUTH',
} as const;

type SessionStanding = keyof typeof SESSION_STANDINGS;

/** What Temporal UI lists it by. */
export interface Made {
  readonly id: string;
  /** When it came to stand there, of sessions that wait. */
  readonly since?: Date;
}

export interface EverySession {
  readonly sessions: Readonly<Record<Exclude<SessionStanding, 'at the provider since a moment ago'>, Made>>;
  /** Makes one more holder who is at the provider. */
  readonly newLogin: () => Promise<Made>;
}

const STRANGER = 'stranger';
const TYPE = 'urn:test:visitor-badge';

/** Makes a session, or a reusable offer, of every standing. */
export async function makeEverySession(system: System, backend: IssuerBackend): Promise<EverySession> {
  const provider = await startLightProvider({
    claimsOf: (account) => (account === STRANGER ? undefined : { given_name: 'Ngaio', family_name: 'Visitor' }),
  });
  const { url, clientId, clientSecret } = provider;
  const forwardedRequestParameters = ['login_hint'];
  const registration = { url, clientId, clientSecret, isDefault: true, forwardedRequestParameters };
  await backend.session.post('/v1/users/authentication-providers', registration);
  const maker = new SessionMaker(system, await HookBackend.set(system.url, backend));
  const offers = new ReusableOffers(system.url, backend);
  const badge = await backend.configuration({ type: TYPE, branding: { name: 'Visitor badge' } });
  const [open, paused, expiring, revoked] = await Promise.all([
    offers.make([badge]),
    offers.make([badge]),
    offers.make([badge], { expiresIn: { seconds: 1 } }),
    offers.make([badge]),
  ]);
  const [atProvider, atHook, undecided, back, byProvider, byHook] = await Promise.all([
    maker.begun(open).then(({ made }) => made),
    maker.loggedIn().then(({ made }) => made),
    maker.returned({ status: 'pending' }),
    maker.returned({ claims: {} }),
    maker.refusedLogin(),
    maker.returned({ error: 'access_denied' }, open),
    offers.pause(paused.id),
    offers.revoke(revoked.id),
  ]);
  await provider.stop();
  return {
    sessions: {
      'at the provider': atProvider,
      'at the hook': atHook,
      'waiting for a decision': undecided,
      'on the way back to the wallet': back,
      'refused by the provider': byProvider,
      'refused by the hook': byHook,
      'open offer': open,
      'paused offer': paused,
      'expired offer': expiring,
      'revoked offer': revoked,
    },
    newLogin: async () => (await maker.begun()).made,
  };
}

interface Session {
  readonly made: Made;
  readonly browser: HolderBrowser;
  /** Where the browser is sent. */
  readonly location: string;
}

class SessionMaker {
  constructor(
    readonly system: System,
    readonly hook: HookBackend,
  ) {}

  async begun(offer?: ReusableOffer, account = 'visitor'): Promise<Session> {
    const wallet = new CodeWallet(this.system.url);
    const browser = new HolderBrowser();
    const request = {
      scope: `dc+sd-jwt:${TYPE}`,
      ...(offer === undefined ? {} : { issuerState: offer.issuerState }),
      more: { login_hint: account },
    };
    const url = await wallet.authorizationUrl(request);
    const begun = await browser.submit(await browser.get(url), url, 'continue');
    const requestId = begun.headers.get('x-request-id') ?? '';
    const session = await this.system.db.issuances.findOne({ issuerId: 'default', correlationId: requestId });
    if (session === null) throw new Error('the session has no record');
    return { made: { id: session._id, since: new Date() }, browser, location: locationOf(begun) };
  }

  async loggedIn(offer?: ReusableOffer, account?: string): Promise<Session> {
    const { made, browser, location } = await this.begun(offer, account);
    const answer = await browser.get(locationOf(await exchange(location)));
    return { made: { ...made, since: new Date() }, browser, location: locationOf(answer) };
  }

  async refusedLogin(): Promise<Made> {
    return (await this.loggedIn(undefined, STRANGER)).made;
  }

  async returned(answer: HookAnswer, offer?: ReusableOffer): Promise<Made> {
    const { made, browser, location } = await this.loggedIn(offer);
    locationOf(await browser.get(await this.hook.returnUrl(location, answer)));
    return { ...made, since: new Date() };
  }
}
