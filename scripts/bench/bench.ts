import { writeFileSync } from 'node:fs';
import { locateMongo, locateTemporal } from '../engines/locate.js';
import { SetupError } from '../engines/setup-error.js';
import { startFloor } from './floor/subject.js';
import { formatTable, measureFormats } from './formats/measure-formats.js';
import { generateLoad, type Measurement } from './generator-process.js';
import { startIssuer } from './issuer/subject.js';
import { BenchOptionsError, parseBenchOptions, type BenchOptions, type Flow } from './options.js';
import { reportOf, type Runs } from './report.js';
import { tablesOf } from './report-tables.js';
import { SubjectProcesses, type Subject } from './subject.js';

/** How many of each format a round makes for each of `--seconds`. */
const CREDENTIALS_A_SECOND = 20;

type StartSubject = (processes: SubjectProcesses, flow: Flow) => Promise<Subject>;

/**
 * Measures full issuances of one flow, and beside each measurement, in turn, its floor: bare workflows of the same shape.
 *
 * @param args the command line (scripts/bench/options.ts)
 * @returns the exit code: 1 where the options are wrong, or an issuance failed
 */
export async function bench(args: readonly string[]): Promise<number> {
  try {
    return await measureAll(parseBenchOptions(args));
  } catch (error) {
    if (!(error instanceof BenchOptionsError || error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
}

async function measureAll(options: BenchOptions): Promise<number> {
  if (options.formats) return measureEachFormat(options);
  for (const locate of [locateTemporal, locateMongo]) await locate({ progress: (line) => console.log(line) });
  const runs: Runs[] = [];
  for (const concurrency of options.concurrency) {
    const floor: Measurement[] = [];
    const issuer: Measurement[] = [];
    for (let repeat = 1; repeat <= options.repeats; repeat += 1) {
      const say = (what: string) => console.log(`${concurrency} at once, repeat ${repeat} of ${options.repeats}: ${what}`);
      say('the floor');
      floor.push(await measure(startFloor, { ...options, concurrency }));
      say('the issuer');
      issuer.push(await measure(startIssuer, { ...options, concurrency }));
    }
    runs.push({ concurrency, floor, issuer });
  }
  const report = reportOf({ options, runs });
  console.log(`\n${tablesOf(report)}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  const failures = runs.flatMap(({ floor, issuer }) => [...floor, ...issuer]).filter(({ errors }) => errors > 0);
  for (const { errors, firstError } of failures)
    console.error(`${errors} issuances failed, the first with: ${firstError ?? '?'}`);
  return failures.length === 0 ? 0 : 1;
}

/** In this process alone: no server is needed. */
async function measureEachFormat({ json, seconds }: BenchOptions): Promise<number> {
  const costs = await measureFormats(CREDENTIALS_A_SECOND * seconds);
  console.log(formatTable(costs));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(costs, null, 2)}\n`);
  return 0;
}

async function measure(
  start: StartSubject,
  { flow, concurrency, warmupSeconds, seconds }: Omit<BenchOptions, 'concurrency'> & { concurrency: number },
): Promise<Measurement> {
  const processes = new SubjectProcesses();
  try {
    const subject = await start(processes, flow);
    return await generateLoad({
      script: subject.generator,
      order: { target: subject.target, concurrency, warmupMs: warmupSeconds * 1000, windowMs: seconds * 1000 },
      processes: Object.fromEntries(Object.entries(subject.processes).map(([name, { pid }]) => [name, pid])),
    });
  } finally {
    await processes.stop();
  }
}
