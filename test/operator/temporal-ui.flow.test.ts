import { beforeAll, describe, expect, it } from 'vitest';
import { PERSON } from '../flows/issuer-backend.js';
import { useOwnSystem } from '../harness/use-system.js';
import { browserMissing, useBrowser } from './browser.js';
import { documentedQueries } from './documented-queries.js';
import {
  makeEveryIssuance,
  OPERATOR_SETTINGS,
  REQUEST_ID,
  STANDINGS,
  type EveryIssuance,
  type Standing,
} from './every-issuance.js';
import { TemporalUi } from './temporal-ui.js';

const PLACEHOLDER = { time: '2026-01-01T00:00:00Z', id: 'AAAAAAAAAAAAAAAAAAAAAA' };
const PATIENCE = { timeout: 20_000 };

const HOLDERS_AWAY = [
  'at the provider',
  'at the hook',
  'waiting for a decision',
  'on the way back to the wallet',
  'at the provider since a moment ago',
] as const satisfies readonly Standing[];

/** What each query of docs/queries.md has to find. */
const FINDS: Readonly<Record<string, readonly Standing[]>> = {
  Running: [
    'offered',
    'redeemed',
    'collected',
    'stuck at its claims source',
    'stuck at the signer',
    'redeemed a moment ago',
    ...HOLDERS_AWAY,
  ],
  'Waiting for the wallet to redeem its offer': ['offered'],
  'Holders at the provider, the hook, or waiting for a decision': HOLDERS_AWAY,
  'Stuck at the provider': ['at the provider'],
  'Refused by the provider or the hook': ['refused by the provider', 'refused by the hook'],
  'Waiting for the wallet too long': ['redeemed', 'collected'],
  Stuck: ['stuck at its claims source', 'stuck at the signer'],
  'Stuck at a claims source': ['stuck at its claims source'],
  Expired: ['expired'],
  Failed: ['failed'],
  Denied: ['denied', 'guessed at'],
  'Issued, never confirmed': ['never confirmed'],
  'Reusable offers': ['open offer', 'paused offer'],
  'One offer': ['accepted'],
};

describe.skipIf(browserMissing !== undefined)(`Temporal UI${browserMissing === undefined ? '' : ` (${browserMissing})`}`, () => {
  const system = useOwnSystem({ env: OPERATOR_SETTINGS });
  const newProfile = useBrowser();
  let issuances: EveryIssuance;
  /** An operator who never logged in at the codec server, and one who did. */
  let stranger: TemporalUi;
  let operator: TemporalUi;

  const idsOf = (standings: readonly Standing[]) => standings.map((standing) => issuances.offers[standing].id).sort();

  /** The query with values of this test in the place of the examples. */
  const filledIn = (query: string, id = issuances.offers.accepted.id): string =>
    query
      .replaceAll(`PhaseSince < "${PLACEHOLDER.time}"`, `PhaseSince < "${issuances.waitingSince.toISOString()}"`)
      .replaceAll(`CloseTime > "${PLACEHOLDER.time}"`, `CloseTime > "${issuances.closedSince.toISOString()}"`)
      .replaceAll(PLACEHOLDER.id, id);

  /** Where each issuance stands, as Temporal's list of workflows has it. */
  async function standings(): Promise<Readonly<Record<string, string>>> {
    const found = new Map<string, string>();
    for await (const { workflowId, status, typedSearchAttributes } of system().temporal.workflow.list()) {
      const values = new Map(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, String(value)]));
      const says = ['IssuanceOutcome', 'IssuanceProblem', 'IssuancePhase'].map((name) => values.get(name));
      found.set(workflowId, status.name === 'FAILED' ? 'FAILED' : (says.find((value) => value !== undefined) ?? ''));
    }
    return Object.fromEntries(
      Object.entries(issuances.offers).map(([standing, { id }]) => [
        standing,
        found.get(`iss:default:${id}`) ?? found.get(`offer:default:${id}`) ?? 'absent',
      ]),
    );
  }

  beforeAll(async () => {
    issuances = await makeEveryIssuance(system());
    stranger = await TemporalUi.open(await newProfile(), system());
    operator = await TemporalUi.open(await newProfile(), system());
  });

  it("has every issuance where it stands, in Temporal's own list", async () => {
    await expect.poll(standings, { timeout: 45_000, interval: 500 }).toEqual(STANDINGS);
  });

  describe('the documented queries', () => {
    it('are these', () => {
      expect(documentedQueries().map(({ title }) => title)).toEqual(Object.keys(FINDS));
    });

    it.each(documentedQueries())('$title: lists exactly those', async ({ title, query }) => {
      await stranger.list(filledIn(query));
      await expect.poll(() => stranger.listed(), PATIENCE).toEqual(idsOf(FINDS[title] ?? []));
      if (title === 'Running') await stranger.picture('running', { showing: issuances.offers.offered.id });
    });

    it('One offer: is found by the request id of the call that made it, too', async () => {
      const { query = '' } = documentedQueries().find(({ title }) => title === 'One offer') ?? {};
      await stranger.list(filledIn(query, REQUEST_ID));
      await expect.poll(() => stranger.listed(), PATIENCE).toEqual(idsOf(['offered']));
    });

    it('One offer: finds a reusable one with the issuances that came from it', async () => {
      const { query = '' } = documentedQueries().find(({ title }) => title === 'One offer') ?? {};
      await stranger.list(filledIn(query, issuances.offers['open offer'].id));
      await expect
        .poll(() => stranger.listed(), PATIENCE)
        .toEqual(idsOf(['open offer', 'at the provider', 'refused by the hook']));
    });
  });

  describe('a stuck issuance, to an operator without a login at the codec server', () => {
    it('tells its course by names of messages and steps, and keeps payloads and summaries to itself', async () => {
      await stranger.issuance(issuances.offers['stuck at its claims source'].id);
      for (const step of ['redeemToken', 'requestCredential', /Attempt \d+ .*collectClaims/])
        await expect.poll(() => stranger.text(), PATIENCE).toMatch(step);
      const text = await stranger.text();
      for (const hidden of [
        'sessionId',
        'codeHash',
        'offer expires',
        'session ends',
        'phase lasts',
        'ask the claims source',
        'Staff badge',
      ])
        expect(text).not.toContain(hidden);
    });

    it('tells where it stands, and why, by its search attributes', async () => {
      const { id } = issuances.offers['stuck at its claims source'];
      await stranger.issuance(id, 'Search Attributes');
      for (const attribute of [/"IssuancePhase": "COLLECTING_CLAIMS"/, /"IssuanceProblem": "stuck:claims"/, `"OfferId": "${id}"`])
        await expect.poll(() => stranger.text(), PATIENCE).toMatch(attribute);
    });

    it('shows that the step is retried, and not what was answered', async () => {
      await stranger.issuance(issuances.offers['stuck at its claims source'].id, 'Pending Activities');
      await expect.poll(() => stranger.text(), PATIENCE).toContain('Encoded failure');
      expect(await stranger.text()).not.toContain('could not be reached');
    });

    it('stays closed to one who sets the codec endpoint without logging in', async () => {
      const curious = await TemporalUi.open(await newProfile(), system());
      await curious.useCodec();
      await curious.issuance(issuances.offers['stuck at its claims source'].id);
      await expect.poll(() => curious.text(), PATIENCE).toContain('Codec Server could not connect');
      expect(await curious.text()).not.toContain('sessionId');
    });
  });

  describe('holders who are away, to an operator without a login at the codec server', () => {
    it.each([
      ['at the provider', 'WAIT_AUTH'],
      ['at the hook', 'WAIT_INTERACTION'],
      ['waiting for a decision', 'WAIT_APPROVAL'],
      ['on the way back to the wallet', 'WAIT_CODE'],
    ] as const)('%s: search attributes tell where, and since when', async (standing, phase) => {
      const { id, since } = issuances.offers[standing];
      await stranger.issuance(id, 'Search Attributes');
      await expect.poll(() => stranger.text(), PATIENCE).toContain(`"IssuancePhase": "${phase}"`);
      const [, told = ''] = /"PhaseSince": "([^"]+)"/.exec(await stranger.text()) ?? [];
      expect(Math.abs(Date.parse(told) - (since?.getTime() ?? 0))).toBeLessThan(5000);
    });

    it.each([
      ['paused offer', 'PAUSED', undefined],
      ['revoked offer', 'CLOSED', 'revoked'],
    ] as const)('of a reusable offer, as well: %s', async (standing, phase, outcome) => {
      const { id } = issuances.offers[standing];
      await stranger.offer(id, 'Search Attributes');
      await expect.poll(() => stranger.text(), PATIENCE).toContain(`"IssuancePhase": "${phase}"`);
      const text = await stranger.text();
      expect(/"IssuanceOutcome": "(\w+)"/.exec(text)?.[1]).toBe(outcome);
      expect(text).toMatch(/"PhaseSince": "20/);
    });
  });

  describe('an operator who logged in at the codec server, and set it in Temporal UI as its page says', () => {
    beforeAll(async () => {
      await operator.logIn();
      await operator.useCodec();
    });

    it('reads the timeline as a story', async () => {
      await operator.issuance(issuances.offers['stuck at its claims source'].id);
      // Which timer there is depends on how soon the wallet came.
      for (const step of [
        'redeemToken',
        'requestCredential',
        'watch for stuck:claims',
        'ask the claims source',
        /offer expires|session ends/,
      ])
        await expect.poll(() => operator.text(), PATIENCE).toMatch(step);
      await operator.picture('timeline', { showing: 'ask the claims source', from: 'Timeline' });
    });

    it('reads what is offered, where it stands and what is wrong', async () => {
      await operator.issuance(issuances.offers['stuck at its claims source'].id, 'User Metadata');
      for (const told of ['Staff badge from HR', 'COLLECTING_CLAIMS since', 'Asking the claims source.', 'Problem: stuck:claims'])
        await expect.poll(() => operator.text(), PATIENCE).toContain(told);
      await operator.picture('stuck', { showing: 'Problem: stuck:claims' });
    });

    it.each([
      ['stuck at its claims source', 'the claims source gave no usable answer: the host could not be reached'],
      ['stuck at the signer', 'failed with UnsealError'],
    ] as const)('reads why the last attempt of one %s failed', async (standing, reason) => {
      await operator.issuance(issuances.offers[standing].id, 'Pending Activities');
      await expect.poll(() => operator.text(), PATIENCE).toContain(reason);
    });

    it('reads payloads, and finds no claims in them', async () => {
      const { id } = issuances.offers.accepted;
      await operator.issuance(id);
      await expect.poll(() => operator.text(), PATIENCE).toContain(`"sessionId": "${id}"`);
      await operator.picture('payloads', { showing: `"sessionId": "${id}"` });
      const text = await operator.text();
      for (const claim of [PERSON.given_name, PERSON.family_name, PERSON.address.locality]) expect(text).not.toContain(claim);
    });

    it('reads how an issuance ended', async () => {
      await operator.issuance(issuances.offers.expired.id);
      await expect.poll(() => operator.text(), PATIENCE).toContain('"outcome": "expired"');
      await operator.picture('expired', { showing: '"outcome": "expired"' });
    });

    it('reads where a holder is, and since when', async () => {
      await operator.issuance(issuances.offers['at the provider'].id, 'Search Attributes');
      await expect.poll(() => operator.text(), PATIENCE).toContain('"IssuancePhase": "WAIT_AUTH"');
      await operator.picture('at-the-provider', { showing: '"IssuancePhase": "WAIT_AUTH"' });
    });

    it.each([
      ['refused by the provider', 'authentication_failed'],
      ['refused by the hook', 'interaction_refused'],
    ] as const)('reads that a holder was %s, and what the wallet was told', async (standing, outcome) => {
      await operator.issuance(issuances.offers[standing].id, 'User Metadata');
      for (const told of ['Authorization error: access_denied', `Outcome: ${outcome}`])
        await expect.poll(() => operator.text(), PATIENCE).toContain(told);
      if (outcome === 'authentication_failed') await operator.picture('refused', { showing: `Outcome: ${outcome}` });
    });

    it.each([
      ['waiting for a decision', 'Waiting for the decision that the interaction hook left open.'],
      ['on the way back to the wallet', 'The holder was sent back to the wallet'],
    ] as const)('reads what an issuance does that is %s', async (standing, told) => {
      await operator.issuance(issuances.offers[standing].id, 'User Metadata');
      await expect.poll(() => operator.text(), PATIENCE).toContain(told);
    });

    it.each([
      ['paused offer', 'Nobody new can begin'],
      ['expired offer', 'Outcome: expired'],
    ] as const)('reads how a reusable offer stands: %s', async (standing, told) => {
      await operator.offer(issuances.offers[standing].id, 'User Metadata');
      await expect.poll(() => operator.text(), PATIENCE).toContain(told);
    });

    it('reads nothing more after logging out', async () => {
      await operator.logOut();
      await operator.issuance(issuances.offers.expired.id);
      await expect.poll(() => operator.text(), PATIENCE).toContain('Codec Server could not connect');
      expect(await operator.text()).not.toContain('"outcome"');
    });
  });
});
