import { describe, expect, it, vi } from 'vitest';
import { ManagedProcess } from '../../../scripts/engines/managed-process.js';
import { KeepRunning } from '../../../scripts/start/keep-running.js';

/** Runs a shell script that is started again whenever it ends; gives what was told. */
function keep(script: string): { child: ManagedProcess; keepRunning: KeepRunning; progress: string[]; givenUp: string[] } {
  const progress: string[] = [];
  const givenUp: string[] = [];
  const keepRunning = new KeepRunning({
    progress: (line) => progress.push(line),
    giveUp: (sentence) => givenUp.push(sentence),
    attempts: 2,
    pauseMs: 1,
  });
  const child: ManagedProcess = new ManagedProcess({
    name: 'The worker',
    command: '/bin/sh',
    args: ['-c', script],
    onUnexpectedExit: (exit) => void keepRunning.ended(child, exit),
  });
  return { child, keepRunning, progress, givenUp };
}

describe('a process that ends unasked', () => {
  it('is started again', async () => {
    const { child, progress, keepRunning } = keep('exec sleep 60');
    await child.start();
    const first = child.pid;
    process.kill(first, 'SIGKILL');
    await vi.waitFor(() => {
      expect(child.running && child.pid !== first).toBe(true);
    }, 10_000);
    expect(progress).toEqual(['The worker ended unexpectedly (SIGKILL); starting it again']);
    keepRunning.stop();
    await child.kill('SIGKILL');
  });

  it('again and again is given up', async () => {
    const { child, progress, givenUp } = keep('exit 4');
    await child.start();
    await vi.waitFor(() => {
      expect(givenUp).toEqual(['The worker ends again and again (exit code 4): see the end of its log.']);
    }, 10_000);
    expect(progress).toHaveLength(2);
  });

  it('stays down while everything stops', async () => {
    const { child, progress, keepRunning } = keep('exec sleep 60');
    await child.start();
    keepRunning.stop();
    process.kill(child.pid, 'SIGKILL');
    await child.exited();
    expect(child.running).toBe(false);
    expect(progress).toEqual([]);
  });
});
