import type { RecordStep } from '../closed-loop.js';

/** Runs a step and notes how long it took. */
export type MeasureStep = <T>(name: string, run: () => Promise<T>) => Promise<T>;

/** Notes only steps that succeed: a failure ends the issuance. */
export function measuringSteps(record: RecordStep): MeasureStep {
  return async (name, run) => {
    const started = performance.now();
    const result = await run();
    record(name, performance.now() - started);
    return result;
  };
}
