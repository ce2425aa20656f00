import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { locateMongo, locateTemporal, locateTemporalTestServer } from '../engines/locate.js';
import { setupSentence } from '../engines/setup-error.js';
import { ensureChromium } from './chromium.js';
import { lineOf, tallyOf, type Tally } from './tally.js';

/** Each counts as one test. */
const LINT_STEPS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['format', 'prettier', '--check', '--log-level=warn', '.'],
  ['lint', 'eslint', '--max-warnings=0', '.'],
  ['types', 'tsc', '--project', '.', '--noEmit'],
  ['dependency rules', 'depcruise', '--config', '.dependency-cruiser.cjs', '--output-type=err', '.'],
  ['unused code', 'knip'],
];

/**
 * Sets up what the tests need, runs lint steps and tests, and prints `N passed, N failed` last.
 *
 * @param filter arguments for vitest, e.g. a folder; with any, the lint steps are left out
 * @returns the exit code
 */
export async function check(filter: readonly string[]): Promise<number> {
  try {
    // One after the other: the first makes .engines for all.
    for (const locate of [locateTemporal, locateTemporalTestServer, locateMongo]) await locate({ progress });
  } catch (error) {
    const sentence = setupSentence(error);
    if (sentence === undefined) throw error;
    console.error(`\n${sentence}\n${lineOf({ passed: 0, failed: 1, skipped: 0 })}`);
    return 1;
  }
  const chromium = ensureChromium({ env: process.env, progress });
  if ('CHROMIUM_MISSING' in chromium) progress(`Tests that need a browser are skipped: ${chromium.CHROMIUM_MISSING}`);
  const failedSteps: string[] = [];
  const steps = filter.length === 0 ? LINT_STEPS : [];
  for (const [name, command, ...args] of steps) {
    progress(`\n${name}: ${[command, ...args].join(' ')}`);
    if ((await run(command, args)) !== 0) failedSteps.push(name);
  }
  const tests = await runTests({ filter, env: { ...chromium } });
  if (failedSteps.length > 0) console.error(`Failed: ${failedSteps.join(', ')}`);
  const tally: Tally = {
    passed: tests.passed + steps.length - failedSteps.length,
    failed: tests.failed + failedSteps.length,
    skipped: tests.skipped,
  };
  console.log(lineOf(tally));
  return tally.failed === 0 ? 0 : 1;
}

async function runTests({ filter, env }: { filter: readonly string[]; env: Readonly<Record<string, string>> }): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'chancery-report-'));
  const reportFile = join(folder, 'report.json');
  progress('\ntests');
  try {
    const exitCode = await run(
      'vitest',
      ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...filter],
      env,
    );
    return tallyOf({ reportFile, exitCode });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program of a package; gives its exit code. */
function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  const path = [join('node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env, PATH: path } });
    child.once('error', () => {
      resolve(127);
    });
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

function progress(line: string): void {
  console.log(line);
}
