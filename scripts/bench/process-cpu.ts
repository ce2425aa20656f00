import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second on every architecture it tells user space about. */
const MS_PER_TICK = 10;

interface ProcessStat {
  readonly parent: number;
  readonly ticks: number;
}

/**
 * Processor time (user and system) that processes and their descendants have used so far.
 *
 * @param roots process ids by name
 * @returns milliseconds by name, or `undefined` where the system has no `/proc`
 */
export function cpuMilliseconds(roots: Readonly<Record<string, number>>): Readonly<Record<string, number>> | undefined {
  const stats = readStats();
  if (stats === undefined) return undefined;
  return Object.fromEntries(Object.entries(roots).map(([name, pid]) => [name, ticksOfTree(stats, pid) * MS_PER_TICK]));
}

function ticksOfTree(stats: ReadonlyMap<number, ProcessStat>, root: number): number {
  let ticks = stats.get(root)?.ticks ?? 0;
  for (const [pid, { parent }] of stats) if (parent === root) ticks += ticksOfTree(stats, pid);
  return ticks;
}

function readStats(): ReadonlyMap<number, ProcessStat> | undefined {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return undefined;
  }
  const stats = new Map<number, ProcessStat>();
  for (const name of names) {
    const stat = /^\d+$/.test(name) ? readStat(name) : undefined;
    if (stat !== undefined) stats.set(Number(name), stat);
  }
  return stats.size === 0 ? undefined : stats;
}

function readStat(pid: string): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name stands in brackets and may hold anything: fields count from behind the last one (proc(5)).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}
