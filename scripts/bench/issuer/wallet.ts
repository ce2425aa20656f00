import { Client } from 'undici';
import type { RunIssuance } from '../closed-loop.js';
import type { Flow } from '../options.js';
import { issueByAuthorizationCode } from './authorization-code-wallet.js';
import { measuringSteps, type MeasureStep } from './measured-step.js';
import { issuePreAuthorized } from './pre-authorized-wallet.js';
import type { IssuerTarget } from './target.js';

type Issue = (client: Client, issuance: { target: IssuerTarget; step: MeasureStep }) => Promise<void>;

const ISSUE: Readonly<Record<Flow, Issue>> = {
  'pre-authorized': issuePreAuthorized,
  'authorization-code': issueByAuthorizationCode,
};

/** One wallet with a connection of its own, and with it whoever else takes part in an issuance. */
export function benchWallet(target: IssuerTarget): { readonly issue: RunIssuance; close(): Promise<void> } {
  const client = new Client(target.origin, { pipelining: 1, keepAliveTimeout: 60_000 });
  return {
    issue: (record) => ISSUE[target.flow](client, { target, step: measuringSteps(record) }),
    close: () => client.close(),
  };
}
