import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lineOf, tallyOf } from '../../../scripts/check/tally.js';
import { useTemporaryFolders } from '../temporary-folder.js';

const newFolder = useTemporaryFolders();

/** A vitest report of files, each with the states of its tests. */
function report(...files: { status: string; tests: readonly string[] }[]): string {
  const all = files.flatMap(({ tests }) => tests);
  const count = (wanted: string) => all.filter((status) => status === wanted).length;
  const file = join(newFolder(), 'report.json');
  const content = {
    numTotalTests: all.length,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('skipped'),
    numTodoTests: count('todo'),
    testResults: files.map(({ status, tests }) => ({ status, assertionResults: tests.map((state) => ({ status: state })) })),
  };
  writeFileSync(file, JSON.stringify(content));
  return file;
}

describe('the count of a test run', () => {
  it.each([
    [
      'passed, failed and skipped tests',
      [{ status: 'failed', tests: ['passed', 'failed', 'skipped', 'todo'] }],
      1,
      '1 passed, 1 failed, 2 skipped',
    ],
    ['nothing but passed ones', [{ status: 'passed', tests: ['passed', 'passed'] }], 0, '2 passed, 0 failed'],
    ['a file that does not load', [{ status: 'failed', tests: [] }], 1, '0 passed, 1 failed'],
    [
      'a file whose system did not start',
      [{ status: 'failed', tests: ['skipped', 'skipped'] }],
      1,
      '0 passed, 1 failed, 2 skipped',
    ],
    ['a run that fails for a reason no test stands for', [{ status: 'passed', tests: ['passed'] }], 1, '1 passed, 1 failed'],
  ])('takes in %s', (_what, files, exitCode, line) => {
    expect(lineOf(tallyOf({ reportFile: report(...files), exitCode }))).toBe(line);
  });

  it('is a failure where the run left no report', () => {
    expect(lineOf(tallyOf({ reportFile: join(newFolder(), 'none.json'), exitCode: 0 }))).toBe('0 passed, 1 failed');
  });

  it('ends as a line that machines can read', () => {
    expect(lineOf({ passed: 612, failed: 0, skipped: 0 })).toMatch(/^\d+ passed, \d+ failed$/);
    expect(lineOf({ passed: 612, failed: 3, skipped: 4 })).toMatch(/^\d+ passed, \d+ failed, \d+ skipped$/);
  });
});
