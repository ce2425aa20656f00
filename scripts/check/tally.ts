import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** How many tests came out how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

/**
 * Counts a run from vitest's JSON report. A file that failed as a whole (it does not load, or its system did not start)
 * counts as one failure, and so does a run that failed for a reason no test stands for.
 */
export function tallyOf({ reportFile, exitCode }: { reportFile: string; exitCode: number }): Tally {
  if (!existsSync(reportFile)) return { passed: 0, failed: 1, skipped: 0 };
  const run = report.parse(JSON.parse(readFileSync(reportFile, 'utf8')));
  const failedFiles = run.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  ).length;
  const failed = run.numFailedTests + failedFiles;
  return {
    passed: run.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: run.numPendingTests + run.numTodoTests,
  };
}

/** `12 passed, 0 failed`, and `, 1 skipped` if any. */
export function lineOf({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
