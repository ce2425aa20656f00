import type { Report, Side } from './report.js';

/** The report as Markdown, for the terminal and for docs/performance.md. */
export function tablesOf({ machine, options, results }: Report): string {
  const sections = results.map(({ concurrency, floor, issuer, ratio, ratios }) =>
    [
      `### ${concurrency} wallet${concurrency === 1 ? '' : 's'} at once`,
      '',
      `Issuer ${issuer.throughput.toFixed(1)}/s, floor ${floor.throughput.toFixed(1)}/s: **ratio ${ratio.toFixed(2)}** (repeats: ${ratios.map((each) => each.toFixed(2)).join(', ')})`,
      '',
      latencyTable(issuer),
      '',
      `CPU per issuance: issuer ${cpu(issuer)}; floor ${cpu(floor)}`,
    ].join('\n'),
  );
  const setting = `${options.flow} flow; ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}; ${options.repeats} repeats of ${options.seconds} s after ${options.warmupSeconds} s`;
  return [setting, ...sections].join('\n\n');
}

function latencyTable({ latency }: Side): string {
  const rows = Object.entries(latency).map(
    ([step, { p50, p95, p99 }]) => `| ${step} | ${[p50, p95, p99].map((value) => value.toFixed(1)).join(' | ')} |`,
  );
  return ['| step (ms) | p50 | p95 | p99 |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** Processes that play the issuer's surroundings: told, and left out of the sum. */
const NOT_THE_ISSUER = new Set(['generator', 'provider']);

function cpu({ cpuMsPerIssuance }: Side): string {
  const entries = Object.entries(cpuMsPerIssuance);
  if (entries.length === 0) return 'not told by this system';
  const total = entries.filter(([name]) => !NOT_THE_ISSUER.has(name)).reduce((sum, [, value]) => sum + value, 0);
  return `${total.toFixed(1)} ms (${entries.map(([name, value]) => `${name} ${value.toFixed(1)}`).join(', ')})`;
}
