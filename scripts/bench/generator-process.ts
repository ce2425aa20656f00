import { fork } from 'node:child_process';
import type { LoopResult } from './closed-loop.js';
import type { GeneratorOrder, GeneratorReport } from './generator-messages.js';
import { cpuMilliseconds } from './process-cpu.js';

/** A loop's result and the processor time spent in its window. */
export interface Measurement extends LoopResult {
  /** Milliseconds of processor time per completed issuance, by process; absent where the system does not tell. */
  readonly cpuMsPerIssuance?: Readonly<Record<string, number>>;
}

interface Load {
  /** Path of the generator's script. */
  readonly script: string;
  readonly order: GeneratorOrder<unknown>;
  /** Ids of the processes under load, by name. */
  readonly processes: Readonly<Record<string, number>>;
}

/**
 * Runs a load generator as a process of its own and measures what it loads.
 *
 * @throws {Error} when the generator fails as such; failed issuances are counted in the result
 */
export async function generateLoad({ script, order, processes }: Load): Promise<Measurement> {
  const child = fork(script, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const watched = { ...processes, generator: child.pid ?? 0 };
  let opened: ReturnType<typeof cpuMilliseconds>;
  let closed: ReturnType<typeof cpuMilliseconds>;
  try {
    const result = await new Promise<LoopResult>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the load generator ended with code ${code ?? 'none'}`)));
      child.on('message', (message) => {
        const report = message as GeneratorReport;
        if (report.kind === 'failure') reject(new Error(`the load generator failed: ${report.message}`));
        else if (report.kind === 'result') resolve(report.result);
        else if (report.edge === 'opened') opened = cpuMilliseconds(watched);
        else closed = cpuMilliseconds(watched);
      });
      child.send(order);
    });
    return { ...result, ...perIssuance(opened, closed, result.completed) };
  } finally {
    child.kill();
  }
}

function perIssuance(
  opened: ReturnType<typeof cpuMilliseconds>,
  closed: ReturnType<typeof cpuMilliseconds>,
  completed: number,
): Pick<Measurement, 'cpuMsPerIssuance'> {
  if (opened === undefined || closed === undefined || completed === 0) return {};
  const entries = Object.entries(closed).map(([name, total]) => [name, (total - (opened[name] ?? 0)) / completed] as const);
  return { cpuMsPerIssuance: Object.fromEntries(entries) };
}
