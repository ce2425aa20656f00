import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ManagedProcess, type ProcessExit, type ProcessOptions } from '../../../scripts/engines/managed-process.js';
import { Command } from '../command.js';
import { useTemporaryFolders } from '../temporary-folder.js';

const newFolder = useTemporaryFolders();
const children: ManagedProcess[] = [];

/** A shell script under management, with a log of its own. */
function shell(script: string, options: Partial<ProcessOptions> = {}): ManagedProcess {
  const logFile = join(newFolder(), 'log');
  const child = new ManagedProcess({ name: 'The server', command: '/bin/sh', args: ['-c', script], logFile, ...options });
  children.push(child);
  return child;
}

const untilItSays = (child: () => ManagedProcess, text: string) => () =>
  child().log().includes(text) ? Promise.resolve() : Promise.reject(new Error('not yet'));

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.kill('SIGKILL')));
});

describe('a managed process', () => {
  it('has started when it is ready', async () => {
    const child: ManagedProcess = shell('sleep 0.2; echo ready; exec sleep 60', {
      ready: () => untilItSays(() => child, 'ready')(),
    });
    await child.start();
    expect(child.running).toBe(true);
    expect(child.log()).toBe('ready\n');
    await expect(child.start()).rejects.toThrow('The server runs already');
  });

  it('takes variables into its environment, and out of it', async () => {
    const child: ManagedProcess = shell('echo "$GIVEN ${HOME-none}"', { env: { GIVEN: 'one', HOME: undefined } });
    await child.start({ env: { GIVEN: 'two' } });
    await child.exited();
    expect(child.log()).toBe('two none\n');
  });

  it('says, with the end of its log, that it ended before it was ready', async () => {
    const child = shell('echo "no such database" >&2; exit 3', { ready: () => Promise.reject(new Error('not yet')) });
    await expect(child.start()).rejects.toThrow(
      'The server did not start: it ended with exit code 3\n--- end of its log\nno such database\n---',
    );
    expect(child.running).toBe(false);
  });

  it('says what our own processes say last before they give up, and nothing more', async () => {
    const line = JSON.stringify({ level: 60, time: 1, error: 'Error', message: 'the "key" is wrong.', msg: 'cannot run' });
    const child = shell(`echo '{"level":30}'; echo '${line}'; exit 1`, { ready: () => Promise.reject(new Error('not yet')) });
    await expect(child.start()).rejects.toThrow(/^The server did not start: the "key" is wrong\.$/);
  });

  it('says that it was not ready in time, and does not leave it running', async () => {
    const child = shell('exec sleep 60', { ready: () => Promise.reject(new Error('no answer')), readyTimeoutMs: 200 });
    await expect(child.start()).rejects.toThrow('The server did not start: waited 200 ms in vain for The server to be ready');
    expect(child.running).toBe(false);
  });

  it('that cannot be run says so', async () => {
    const child = shell('', { command: '/nowhere/program', ready: () => Promise.reject(new Error('not yet')) });
    await expect(child.start()).rejects.toThrow('The server did not start: it ended with exit code 127');
  });

  it('is asked to end, and made to where it does not', async () => {
    const polite: ManagedProcess = shell('trap "echo bye; exit 0" TERM; echo ready; while :; do sleep 0.05; done', {
      ready: () => untilItSays(() => polite, 'ready')(),
    });
    const deaf: ManagedProcess = shell('trap "" TERM; echo ready; while :; do sleep 0.05; done', {
      ready: () => untilItSays(() => deaf, 'ready')(),
    });
    await Promise.all([polite.start(), deaf.start()]);
    await Promise.all([polite.stop(), deaf.stop({ graceMs: 300 })]);
    expect(polite.log()).toMatch(/bye\n$/);
    expect(deaf.log()).not.toContain('bye');
    expect([polite.running, deaf.running]).toEqual([false, false]);
  });

  it('reports an end nobody asked for, and no other', async () => {
    const exits: ProcessExit[] = [];
    const child = shell('exec sleep 60', { onUnexpectedExit: (exit) => exits.push(exit) });
    await child.start();
    await child.restart();
    expect(exits).toEqual([]);
    process.kill(child.pid, 'SIGKILL');
    await child.exited();
    await expect.poll(() => exits, { timeout: 10_000 }).toEqual([{ code: null, signal: 'SIGKILL' }]);
  });

  it('ends with the process that started it, even if that is killed outright, and so does what it started itself', async () => {
    const pids = join(newFolder(), 'pids');
    const module = new URL('../../../scripts/engines/managed-process.ts', import.meta.url).href;
    const script = `
      const { ManagedProcess } = await import(${JSON.stringify(module)});
      const start = (name, script) => new ManagedProcess({ name, command: '/bin/sh', args: ['-c', script] }).start();
      await start('one', 'sleep 61 & echo $! >> ${pids}; echo $$ >> ${pids}; wait');
      await start('two', 'trap "" TERM; echo $$ >> ${pids}; while :; do sleep 0.1; done');
      await start('three', 'exit 0');
      setInterval(() => undefined, 1000);`;
    const parent = new Command([process.execPath, '--import', 'tsx', '--input-type=module', '-e', script]);
    const started = () =>
      (readIfThere(pids) ?? '')
        .split('\n')
        .filter((line) => line !== '')
        .map(Number);
    await expect.poll(started, { timeout: 15_000 }).toHaveLength(3);
    expect(started().filter(isAlive)).toHaveLength(3);
    await parent.kill();
    await expect.poll(() => started().filter(isAlive), { timeout: 15_000 }).toEqual([]);
  });
});

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
