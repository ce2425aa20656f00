import { availableParallelism, cpus, release, totalmem } from 'node:os';
import type { Measurement } from './generator-process.js';
import type { BenchOptions } from './options.js';
import { median, percentiles, type Percentiles } from './statistics.js';

/** The measurements taken at one concurrency, in the order taken; floor and issuer by turns. */
export interface Runs {
  readonly concurrency: number;
  readonly floor: readonly Measurement[];
  readonly issuer: readonly Measurement[];
}

/** What one side came to over its repeats. */
export interface Side {
  /** Completed issuances per second: the median, and each repeat. */
  readonly throughput: number;
  readonly throughputs: readonly number[];
  /** Milliseconds of each step, over all repeats. */
  readonly latency: Readonly<Record<string, Percentiles>>;
  /** Medians, milliseconds of processor time per issuance by process. */
  readonly cpuMsPerIssuance: Readonly<Record<string, number>>;
  readonly errors: number;
}

export interface Report {
  readonly measuredAt: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly system: string;
    readonly node: string;
  };
  readonly options: BenchOptions;
  readonly results: readonly {
    readonly concurrency: number;
    readonly floor: Side;
    readonly issuer: Side;
    /** The issuer's throughput over the floor's: the median of the repeats' ratios. */
    readonly ratio: number;
    readonly ratios: readonly number[];
  }[];
}

/** Medians over repeats and ratios of what was measured side by side. */
export function reportOf({ options, runs }: { options: BenchOptions; runs: readonly Runs[] }): Report {
  return {
    measuredAt: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryGb: Math.round(totalmem() / 2 ** 30),
      system: `${process.platform} ${release()}`,
      node: process.version,
    },
    options,
    results: runs.map(({ concurrency, floor, issuer }) => {
      const ratios = issuer.map((measurement, index) => ratioOf(measurement, floor[index]));
      return { concurrency, floor: sideOf(floor), issuer: sideOf(issuer), ratio: median(ratios), ratios };
    }),
  };
}

function ratioOf(issuer: Measurement, floor: Measurement | undefined): number {
  return floor === undefined || floor.completed === 0 ? 0 : perSecond(issuer) / perSecond(floor);
}

function sideOf(measurements: readonly Measurement[]): Side {
  const throughputs = measurements.map(perSecond);
  const steps = [...new Set(measurements.flatMap(({ durations }) => Object.keys(durations)))];
  const processes = [...new Set(measurements.flatMap(({ cpuMsPerIssuance }) => Object.keys(cpuMsPerIssuance ?? {})))];
  return {
    throughput: median(throughputs),
    throughputs,
    latency: Object.fromEntries(
      steps.map((step) => [step, percentiles(measurements.flatMap(({ durations }) => durations[step] ?? []))]),
    ),
    cpuMsPerIssuance: Object.fromEntries(
      processes.map((name) => [name, median(measurements.map(({ cpuMsPerIssuance }) => cpuMsPerIssuance?.[name] ?? 0))]),
    ),
    errors: measurements.reduce((sum, { errors }) => sum + errors, 0),
  };
}

function perSecond({ completed, windowMs }: Measurement): number {
  return (1000 * completed) / windowMs;
}
