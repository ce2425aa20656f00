import { parseArgs } from 'node:util';

/** How wallets get their credentials. */
export const FLOWS = ['pre-authorized', 'authorization-code'] as const;
export type Flow = (typeof FLOWS)[number];

/** What to measure, and for how long. */
export interface BenchOptions {
  readonly flow: Flow;
  /** Measures what each credential format costs, and no issuances. */
  readonly formats: boolean;
  /** Wallets at once, one measurement each. */
  readonly concurrency: readonly number[];
  readonly repeats: number;
  /** Seconds of load before and during each measurement. */
  readonly warmupSeconds: number;
  readonly seconds: number;
  /** Where to write the report. */
  readonly json?: string;
}

/** The options are wrong; the message says what to change. */
export class BenchOptionsError extends Error {
  override readonly name = 'BenchOptionsError';
}

const DEFAULTS: Omit<BenchOptions, 'flow' | 'formats'> = { concurrency: [1, 8, 32], repeats: 3, warmupSeconds: 4, seconds: 10 };
const QUICK: Omit<BenchOptions, 'flow' | 'formats'> = { concurrency: [2], repeats: 1, warmupSeconds: 1, seconds: 1 };

/**
 * Reads the command line; `--quick` changes the defaults to one short measurement.
 *
 * @throws {BenchOptionsError}
 */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { flow, formats = false, quick, concurrency, repeats, warmup, seconds, json } = parse(args);
  const defaults = quick === true ? QUICK : DEFAULTS;
  return {
    flow: flow === undefined ? 'pre-authorized' : knownFlow(flow),
    formats,
    concurrency:
      concurrency === undefined ? defaults.concurrency : concurrency.split(',').map((value) => count('concurrency', value)),
    repeats: repeats === undefined ? defaults.repeats : count('repeats', repeats),
    warmupSeconds: warmup === undefined ? defaults.warmupSeconds : count('warmup', warmup),
    seconds: seconds === undefined ? defaults.seconds : count('seconds', seconds),
    ...(json === undefined ? {} : { json }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        flow: { type: 'string' },
        formats: { type: 'boolean' },
        quick: { type: 'boolean' },
        concurrency: { type: 'string' },
        repeats: { type: 'string' },
        warmup: { type: 'string' },
        seconds: { type: 'string' },
        json: { type: 'string' },
      },
    }).values;
  } catch (cause) {
    throw new BenchOptionsError(cause instanceof Error ? cause.message : 'the options are wrong', { cause });
  }
}

function knownFlow(value: string): Flow {
  const flow = FLOWS.find((known) => known === value);
  if (flow === undefined) throw new BenchOptionsError(`--flow needs one of ${FLOWS.join(', ')}`);
  return flow;
}

function count(name: string, value: string): number {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new BenchOptionsError(`--${name} needs whole numbers from 1 to 9999`);
  return Number(value);
}
