import { parseArgs } from 'node:util';
import { DEMO_PEOPLE, type DemoAccount } from './people.js';

const FLOWS = ['pre-authorized', 'authorization-code'] as const;

export const USAGE = `Usage: npm run demo -- [--offer <openid-credential-offer://...>] [--tx-code <code>]
       npm run demo -- --flow authorization-code [--offer <openid-credential-offer://...>] [--as <user> | --browser]

Collects a credential and verifies it. Without --offer it makes an offer of the demo credential first.

With --flow authorization-code the holder agrees, logs in and confirms. That is done here, as ${idsOf(DEMO_PEOPLE)} (--as), or
by you in a browser (--browser).`;

/** What `npm run demo` was asked for. */
export interface DemoOptions {
  readonly help: boolean;
  readonly flow: (typeof FLOWS)[number];
  readonly offer?: string;
  readonly transactionCode?: string;
  readonly account: DemoAccount;
  readonly browser: boolean;
}

/** @throws {Error} with a sentence about the first option that is wrong */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      offer: { type: 'string' },
      'tx-code': { type: 'string' },
      flow: { type: 'string' },
      as: { type: 'string' },
      browser: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const flow = FLOWS.find((name) => name === (values.flow ?? 'pre-authorized'));
  if (flow === undefined) throw new Error(`--flow is one of ${FLOWS.join(', ')}.`);
  const isCode = flow === 'authorization-code';
  if (isCode && values['tx-code'] !== undefined) throw new Error('--tx-code goes without --flow authorization-code.');
  if (!isCode && (values.browser === true || values.as !== undefined))
    throw new Error('--browser and --as go with --flow authorization-code.');
  if (values.browser === true && values.as !== undefined)
    throw new Error('Give --as or --browser: in the browser you choose yourself who logs in.');
  return {
    help: values.help === true,
    flow,
    account: accountOf(values.as),
    browser: values.browser === true,
    ...(values.offer === undefined ? {} : { offer: values.offer }),
    ...(values['tx-code'] === undefined ? {} : { transactionCode: values['tx-code'] }),
  };
}

function accountOf(id: string | undefined): DemoAccount {
  const account = id === undefined ? DEMO_PEOPLE[0] : DEMO_PEOPLE.find((person) => person.id === id);
  if (account === undefined) throw new Error(`--as is one of ${idsOf(DEMO_PEOPLE)}.`);
  return account;
}

function idsOf(people: readonly DemoAccount[]): string {
  return people.map(({ id }) => id).join(', ');
}
