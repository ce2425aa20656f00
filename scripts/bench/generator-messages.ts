import type { LoopResult, RunIssuance } from './closed-loop.js';
import { runClosedLoop } from './closed-loop.js';

/** What a load generator is told. */
export interface GeneratorOrder<Target> {
  readonly target: Target;
  readonly concurrency: number;
  readonly warmupMs: number;
  readonly windowMs: number;
}

/** What it answers, in this order. */
export type GeneratorReport =
  | { readonly kind: 'window'; readonly edge: 'opened' | 'closed' }
  | { readonly kind: 'result'; readonly result: LoopResult }
  | { readonly kind: 'failure'; readonly message: string };

/** How a generator issues against its target. */
export interface LoadDriver {
  wallet(index: number): RunIssuance;
  close(): Promise<void>;
}

/**
 * The generator's side: takes one order, runs it, reports, and ends. In a process of its own, so that its processor
 * time can be told from that of what it loads.
 */
export function serveGenerator<Target>(open: (order: GeneratorOrder<Target>) => Promise<LoadDriver>): void {
  const report = (message: GeneratorReport) => process.send?.(message);
  const obey = async (order: GeneratorOrder<Target>) => {
    const driver = await open(order);
    const result = await runClosedLoop({
      ...order,
      wallet: (index) => driver.wallet(index),
      onWindow: (edge) => report({ kind: 'window', edge }),
    });
    await driver.close();
    report({ kind: 'result', result });
  };
  process.once('message', (order) => {
    obey(order as GeneratorOrder<Target>)
      .catch((error: unknown) => report({ kind: 'failure', message: error instanceof Error ? error.message : String(error) }))
      .finally(() => process.disconnect());
  });
}
