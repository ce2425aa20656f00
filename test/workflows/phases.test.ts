import { describe, expect, it } from 'vitest';
import {
  deadlineOf,
  isOver,
  isTechnicalFault,
  outcomeOf,
  phaseOf,
  takenBy,
  type IssuanceRecord,
  type RequestRecord,
} from '../../workflows/phases.js';

const OFFER_ENDS = 300_000;
const TOKEN_ENDS = 500_000;
const PURGE_MS = 86_400_000;
const WINDOW_MS = 3_600_000;

const redemption = { attemptId: 'a', tokenId: 't', tokenExpiresAt: TOKEN_ENDS, apiInstance: 'api/1', codeHash: 'c' };

function record(change: Partial<IssuanceRecord> = {}): IssuanceRecord {
  return {
    offeredConfigurations: 1,
    expiresAt: OFFER_ENDS,
    purgeAfterMs: PURGE_MS,
    completionWindowMs: WINDOW_MS,
    allowedTransactionCodeAttempts: 3,
    refreshed: [],
    requests: new Map(),
    wrongTransactionCodes: 0,
    withdrawn: false,
    closed: false,
    ...change,
  };
}

function requested(
  status: RequestRecord['status'],
  more: Partial<RequestRecord> = {},
): Pick<IssuanceRecord, 'redemption' | 'requests'> {
  return { redemption, requests: new Map([['r', { configurationId: 'c', status, since: 1000, ...more }]]) };
}

describe('phase', () => {
  it.each([
    ['OFFERED', {}],
    ['WAIT_REQUEST', { redemption }],
    ['COLLECTING_CLAIMS', requested('collecting')],
    ['SIGNING', requested('signing')],
    ['WAIT_NOTIFICATION', requested('issued')],
    ['WAIT_REQUEST', requested('denied')],
    ['CLOSED', { ...requested('issued'), closed: true }],
  ] as const)('is %s', (phase, change) => {
    expect(phaseOf(record(change))).toBe(phase);
  });
});

describe('deadline', () => {
  it('is the end of the offer while nobody redeemed it', () => {
    expect(deadlineOf(record())).toBe(OFFER_ENDS);
  });

  it('is the end of the access token once redeemed, however soon the offer ends', () => {
    expect(deadlineOf(record({ redemption }))).toBe(TOKEN_ENDS);
  });

  it('outlives the token while a request is under way', () => {
    expect(deadlineOf(record(requested('collecting')))).toBe(1000 + 2 * WINDOW_MS);
  });

  it('is the purge time while a wallet has not confirmed', () => {
    expect(deadlineOf(record(requested('issued')))).toBe(1000 + PURGE_MS);
  });

  it('falls back to the token once the wallet has confirmed', () => {
    expect(deadlineOf(record(requested('issued', { event: 'credential_accepted' })))).toBe(TOKEN_ENDS);
  });
});

describe('end', () => {
  it('comes when every offered credential is issued and confirmed', () => {
    expect(isOver(record(requested('issued')))).toBe(false);
    expect(isOver(record(requested('issued', { event: 'credential_accepted' })))).toBe(true);
    expect(isOver(record({ ...requested('issued', { event: 'credential_accepted' }), offeredConfigurations: 2 }))).toBe(false);
  });

  it('comes at once by withdrawal before issuance, and never by withdrawal after it', () => {
    expect(isOver(record({ withdrawn: true }))).toBe(true);
    expect(isOver(record({ ...requested('issued'), withdrawn: true }))).toBe(false);
  });

  it('waits for a request under way even when withdrawn', () => {
    expect(isOver(record({ ...requested('signing'), withdrawn: true }))).toBe(false);
  });

  it('TOK-14 comes after the allowed number of wrong transaction codes', () => {
    expect(isOver(record({ wrongTransactionCodes: 2 }))).toBe(false);
    expect(isOver(record({ wrongTransactionCodes: 3 }))).toBe(true);
  });
});

describe('outcome', () => {
  it.each([
    ['expired', {}],
    ['expired', { redemption }],
    ['withdrawn', { withdrawn: true }],
    ['code_attempts_exceeded', { wrongTransactionCodes: 3 }],
    ['denied', requested('denied')],
    ['issued_unacknowledged', requested('issued')],
    ['accepted', requested('issued', { event: 'credential_accepted' })],
    ['failed_by_wallet', requested('issued', { event: 'credential_failure' })],
    ['deleted', requested('issued', { event: 'credential_deleted' })],
  ] as const)('is %s', (outcome, change) => {
    expect(outcomeOf(record(change))).toBe(outcome);
  });

  it('is a technical fault when requests failed and none was issued or refused', () => {
    expect(isTechnicalFault(record(requested('failed')))).toBe(true);
    expect(isTechnicalFault(record(requested('denied')))).toBe(false);
    expect(isTechnicalFault(record())).toBe(false);
  });
});

describe('a configuration', () => {
  it('is taken by the request that is under way or done, not by one that was refused', () => {
    expect(takenBy(record(requested('issued')), 'c')).toBe('r');
    expect(takenBy(record(requested('collecting')), 'c')).toBe('r');
    expect(takenBy(record(requested('denied')), 'c')).toBeUndefined();
    expect(takenBy(record(requested('issued')), 'other')).toBeUndefined();
  });
});
