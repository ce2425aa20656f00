import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { locateMongo, locateTemporal, locateTemporalTestServer } from '../engines/locate.js';
import { setupSentence } from '../engines/setup-error.js';
import { ensureChromium } from './chromium.js';
import { ensureSoftHsm } from './softhsm.js';
import { lineOf, tallyOf, type Tally } from './tally.js';

type LintStep = readonly [name: string, command: string, ...args: string[]];

/** Each counts as one test. Two rows side by side, as each step keeps one core busy; the linter takes as long as the rest. */
const LINT_ROWS: readonly (readonly LintStep[])[] = [
  [['lint', 'eslint', '--max-warnings=0', '.']],
  [
    ['format', 'prettier', '--check', '--log-level=warn', '.'],
    ['types', 'tsc', '--project', '.', '--noEmit'],
    ['dependency rules', 'depcruise', '--config', '.dependency-cruiser.cjs', '--output-type=err', '.'],
    ['unused code', 'knip'],
  ],
];

/**
 * Sets up what the tests need, runs lint steps and tests, and prints `N passed, N failed` last.
 *
 * @param filter arguments for vitest, e.g. a folder; with any, the lint steps are left out
 * @returns the exit code
 */
export async function check(filter: readonly string[]): Promise<number> {
  const rows = filter.length === 0 ? LINT_ROWS : [];
  const steps = rows.flat().length;
  // Meanwhile the set-up waits for the network.
  const linting = Promise.all(rows.map(lint));
  try {
    // One after the other: the first makes .engines for all.
    for (const locate of [locateTemporal, locateTemporalTestServer, locateMongo]) await locate({ progress });
  } catch (error) {
    await linting;
    const sentence = setupSentence(error);
    if (sentence === undefined) throw error;
    console.error(`\n${sentence}\n${lineOf({ passed: 0, failed: 1, skipped: 0 })}`);
    return 1;
  }
  const chromium = ensureChromium({ env: process.env, progress });
  if ('CHROMIUM_MISSING' in chromium) progress(`Tests that need a browser are skipped: ${chromium.CHROMIUM_MISSING}`);
  const softHsm = ensureSoftHsm({ env: process.env, progress });
  if ('SOFTHSM_MISSING' in softHsm) progress(`Tests that need an HSM are skipped: ${softHsm.SOFTHSM_MISSING}`);
  const failedSteps = (await linting).flat();
  const tests = await runTests({ filter, env: { ...chromium, ...softHsm } });
  if (failedSteps.length > 0) console.error(`Failed: ${failedSteps.join(', ')}`);
  const tally: Tally = {
    passed: tests.passed + steps - failedSteps.length,
    failed: tests.failed + failedSteps.length,
    skipped: tests.skipped,
  };
  console.log(lineOf(tally));
  return tally.failed === 0 ? 0 : 1;
}

/** Runs the steps one after the other, and shows what each had to say when it is done; gives the names of those that failed. */
async function lint(steps: readonly LintStep[]): Promise<string[]> {
  const failed: string[] = [];
  for (const [name, command, ...args] of steps) {
    const { code, output } = await runQuietly(command, args);
    progress(`\n${name}: ${[command, ...args].join(' ')}\n${output}`.trimEnd());
    if (code !== 0) failed.push(name);
  }
  return failed;
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
  return ended(spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: environment(env) }));
}

/** Likewise; gives what it wrote as well. */
async function runQuietly(command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  const written: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => written.push(part));
  const code = await ended(child);
  return { code, output: Buffer.concat(written).toString() };
}

function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...more, PATH: [join('node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter) };
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve(127);
    });
    child.once('close', (code) => {
      resolve(code ?? 1);
    });
  });
}

function progress(line: string): void {
  console.log(line);
}
