import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import { retried, type Attempt } from '../crash/plain-retry.js';
import { samplesOf, total } from '../operator/prometheus-text.js';
import { useOwnProcesses } from '../harness/use-system.js';
import { CodeWallet } from './code-wallet.js';
import { claimsIn } from './credential-claims.js';
import { HolderBrowser, locationOf } from './holder-browser.js';
import { exchange } from './http-exchange.js';
import { IssuerBackend } from './issuer-backend.js';
import { startLightProvider, type LightProvider } from './light-provider.js';
import { credentialsOf, PlainWallet, type Answer } from './plain-wallet.js';
import { ReusableOffers, type ReusableOffer } from './reusable-offers.js';

const HOLDERS = 200;
const AT_ONCE = 32;
const PLACES = 20;
const RIVALS = 60;
const TYPE = 'urn:test:crowd';

const system = useOwnProcesses({ env: { OUTBOUND_ALLOWED_HOSTS: 'localhost' } });

let provider: LightProvider;
let offers: ReusableOffers;
let configurationId: string;
const attempts: Attempt[] = [];
/** Answers 503 without a time to come again. */
const hopeless: string[] = [];

beforeAll(async () => {
  const backend = await IssuerBackend.login(system());
  provider = await startLightProvider({ claimsOf: personOf });
  const { url, clientId, clientSecret } = provider;
  await backend.session.post('/v1/users/authentication-providers', {
    url,
    clientId,
    clientSecret,
    isDefault: true,
    forwardedRequestParameters: ['login_hint'],
    claimsToPersist: ['email'],
  });
  offers = new ReusableOffers(system().url, backend);
  configurationId = await backend.configuration({
    type: TYPE,
    claimMappings: {
      given_name: { mapFrom: 'claims.given_name', required: true },
      family_name: { mapFrom: 'claims.family_name', required: true },
      email: { mapFrom: 'claims.email', required: true },
      account: { mapFrom: 'authenticationProvider.subjectId', required: true },
    },
  });
});
afterAll(() => provider.stop());

function personOf(account: string): Readonly<Record<string, string>> {
  return { given_name: `Given ${account}`, family_name: `Family ${account}`, email: `${account}@holders.example` };
}

/** Sends a request; again where the issuer asks for it. */
function send(what: string, request: () => Promise<Answer>): Promise<Answer> {
  return retried(what, attempts, async () => {
    const answer = await request();
    if (answer.status === 503 && !/^[1-9]\d*$/.test(answer.headers.get('retry-after') ?? '')) hopeless.push(what);
    return answer;
  });
}

interface Claimed {
  readonly account: string;
  readonly sessionId: string;
  readonly credentials: readonly string[];
}

/** One holder, from the offer to the confirmed credential; `undefined` for one whom the offer has no place for. */
async function claim(account: string, { issuerState }: ReusableOffer): Promise<Claimed | undefined> {
  const wallet = new CodeWallet(system().url);
  const plain = new PlainWallet(system().url);
  const browser = new HolderBrowser();
  const request = { scope: `dc+sd-jwt:${TYPE}`, issuerState, more: { login_hint: account } };
  const pushed = await send('PAR', () => wallet.push(request));
  if (pushed.status === 400) return undefined;
  const query = new URLSearchParams({ client_id: wallet.clientId, request_uri: pushed.json.request_uri as string });
  const url = `${system().url}/v1/oauth/authorize?${query.toString()}`;
  const page = await send('consent page', () => browser.get(url));
  if (page.status === 410) return undefined;
  const begun = await send('consent', () => browser.submit(page, url, 'continue'));
  if (begun.status === 410) return undefined;
  const callback = locationOf(await exchange(locationOf(begun)));
  const back = await send('callback', () => browser.get(callback));
  const code = wallet.answerIn(locationOf(back)).get('code') ?? '';
  const token = (await send('token', () => wallet.redeem(code))).json.access_token as string;
  const body = await plain.credentialRequest(configurationId);
  const answer = await send('credential', () => plain.requestCredential(token, body));
  const notified = await send('notification', () => plain.notify(token, answer.json.notification_id as string));
  expect(notified.status).toBe(204);
  return { account, sessionId: code.split('.')[0] ?? '', credentials: credentialsOf(answer) };
}

/** All of them, never more than `AT_ONCE` at a time; those who got something. */
async function claimAll(accounts: readonly string[], offer: ReusableOffer): Promise<readonly Claimed[]> {
  const left = [...accounts];
  const claimed: Claimed[] = [];
  const serve = async () => {
    for (let account = left.shift(); account !== undefined; account = left.shift()) {
      const one = await claim(account, offer);
      if (one !== undefined) claimed.push(one);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, serve));
  return claimed;
}

const accountsOf = (group: string, count: number) => Array.from({ length: count }, (_, index) => `${group}-${index}`);

const toldOf = ({ account, credentials }: Claimed) => {
  const claims = credentials.map((credential) => {
    const { given_name, family_name, email, account: subject } = claimsIn(credential);
    return { given_name, family_name, email, account: subject };
  });
  return { account, claims };
};

describe(`${HOLDERS} holders who claim one offer, ${AT_ONCE} at a time`, () => {
  const accounts = accountsOf('holder', HOLDERS);
  let offer: ReusableOffer;
  let claimed: readonly Claimed[];

  beforeAll(async () => {
    offer = await offers.make([configurationId]);
    claimed = await claimAll(accounts, offer);
  });

  it('get one credential each, with their own claims and nobody else’s', () => {
    const expected = accounts.map((account) => ({ account, claims: [{ ...personOf(account), account }] }));
    const told = [...claimed].map(toldOf).sort((one, other) => accounts.indexOf(one.account) - accounts.indexOf(other.account));
    expect(told).toEqual(expected);
  });

  it('are counted by their offer', async () => {
    await expect
      .poll(async () => (await offers.read(offer.id)).claims)
      .toEqual({ started: HOLDERS, open: 0, issued: HOLDERS, failed: 0, outcomes: { accepted: HOLDERS } });
  });

  it('are a user each, and have a ledger entry each', async () => {
    const { db } = system();
    const sessions = await db.issuances.find({ issuerId: DEFAULT_ISSUER_ID, offerId: offer.id }).toArray();
    expect(new Set(sessions.map(({ userId }) => userId)).size).toBe(HOLDERS);
    const ledger = await db.issuedCredentials
      .find({ issuerId: DEFAULT_ISSUER_ID, sessionId: { $in: claimed.map(({ sessionId }) => sessionId) } })
      .toArray();
    expect(new Set(ledger.map(({ sessionId }) => sessionId)).size).toBe(HOLDERS);
    expect(ledger).toHaveLength(HOLDERS);
  });
});

describe(`${RIVALS} holders who claim an offer for ${PLACES}`, () => {
  it(`AUT-10 are ${PLACES} who get a credential, and the others learn that it is used up`, async () => {
    const offer = await offers.make([configurationId], { maximumClaims: PLACES });
    const claimed = await claimAll(accountsOf('rival', RIVALS), offer);
    expect(claimed).toHaveLength(PLACES);
    for (const one of claimed) {
      const { account } = one;
      expect(toldOf(one)).toEqual({ account, claims: [{ ...personOf(account), account }] });
    }
    await expect
      .poll(async () => (await offers.read(offer.id)).claims)
      .toEqual({ started: PLACES, open: 0, issued: PLACES, failed: 0, outcomes: { accepted: PLACES } });
    const places = await system().db.offerClaims.find({ offerId: offer.id }).toArray();
    expect(places.map(({ sessionId }) => sessionId).sort()).toEqual(claimed.map(({ sessionId }) => sessionId).sort());
  });
});

describe('through it all', () => {
  it('nobody is answered 500, and whoever is asked to come again is told when', () => {
    expect(attempts.length).toBeGreaterThan(HOLDERS * 6);
    expect(attempts.filter(({ status }) => status >= 500 && status !== 503)).toEqual([]);
    expect(attempts.filter(({ status }) => status === 0)).toEqual([]);
    expect(hopeless).toEqual([]);
  });

  it('Temporal refuses nothing for want of resources', async () => {
    const metrics = samplesOf(await (await fetch(`${system().workerUrl}/metrics`)).text());
    expect(total(metrics, 'temporal_request')).toBeGreaterThan(0);
    expect(total(metrics, 'temporal_request_failure', { status_code: 'RESOURCE_EXHAUSTED' })).toBe(0);
    expect(system().logs()).not.toMatch(/resource.?exhausted/i);
  });
});
