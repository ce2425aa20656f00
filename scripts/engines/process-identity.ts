import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When the process began, as the system tells it: with the process id, it tells a process from a later one that was given
 * the same number, for example after the machine was started again. `undefined` where it does not run or is not told.
 */
export function processStart(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // The name, in brackets, may hold spaces and brackets itself; the 22nd field is the 20th after it (proc_pid_stat(5)).
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    }
    const output = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.trim() || undefined;
  } catch {
    return undefined;
  }
}
