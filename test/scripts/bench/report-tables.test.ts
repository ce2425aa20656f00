import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../../scripts/bench/generator-process.js';
import { parseBenchOptions } from '../../../scripts/bench/options.js';
import { tablesOf } from '../../../scripts/bench/report-tables.js';
import { reportOf } from '../../../scripts/bench/report.js';

const measured = (completed: number, cpuMsPerIssuance: Readonly<Record<string, number>>): Measurement => ({
  completed,
  windowMs: 1000,
  durations: { callback: [4, 6], issuance: [40, 60] },
  errors: 0,
  cpuMsPerIssuance,
});

describe('the report of the benchmark', () => {
  const report = reportOf({
    options: parseBenchOptions(['--flow', 'authorization-code', '--quick']),
    runs: [
      {
        concurrency: 2,
        floor: [measured(40, { temporal: 20, worker: 10, generator: 3 })],
        issuer: [measured(10, { temporal: 30, mongodb: 10, api: 20, worker: 30, provider: 7, generator: 5 })],
      },
    ],
  });

  it('names the flow, and gives the ratio to the floor of the same run', () => {
    expect(tablesOf(report)).toMatch(/^authorization-code flow; /);
    expect(tablesOf(report)).toContain('Issuer 10.0/s, floor 40.0/s: **ratio 0.25**');
    expect(tablesOf(report)).toContain('| callback | 4.0 | 6.0 | 6.0 |');
  });

  it("tells the generator's and the provider's processor time apart from the issuer's", () => {
    expect(tablesOf(report)).toContain(
      'issuer 90.0 ms (temporal 30.0, mongodb 10.0, api 20.0, worker 30.0, provider 7.0, generator 5.0)',
    );
    expect(tablesOf(report)).toContain('floor 30.0 ms (temporal 20.0, worker 10.0, generator 3.0)');
  });
});
