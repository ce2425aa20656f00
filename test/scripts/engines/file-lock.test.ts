import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LockedError, takeLock } from '../../../scripts/engines/file-lock.js';
import { processStart } from '../../../scripts/engines/process-identity.js';
import { useTemporaryFolders } from '../temporary-folder.js';

const newFolder = useTemporaryFolders();

/** The number of a process that has ended. */
const endedPid = () => spawnSync('true').pid;

describe('a lock', () => {
  it('is one process’s until it is given back', () => {
    const file = join(newFolder(), 'deep', 'lock');
    const release = takeLock(file);
    expect(() => takeLock(file)).toThrow(LockedError);
    release();
    expect(existsSync(file)).toBe(false);
    takeLock(file)();
  });

  it('names the process that has it', () => {
    const file = join(newFolder(), 'lock');
    writeFileSync(file, `${process.ppid} ${processStart(process.ppid) ?? ''}`);
    expect(() => takeLock(file)).toThrow(expect.objectContaining({ pid: process.ppid, file }));
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^${process.ppid} `));
  });

  it.each([
    ['a process that has ended', () => `${endedPid()} 1`],
    ['a process whose number another has now, after a restart of the machine', () => `${process.ppid} 1`],
    ['an earlier process of our number', () => `${process.pid} 1`],
    ['nobody', () => ''],
    ['nonsense', () => 'lock'],
  ])('left by %s is taken over', (_who, content) => {
    const folder = newFolder();
    const file = join(folder, 'lock');
    writeFileSync(file, content());
    const release = takeLock(file);
    expect(readFileSync(file, 'utf8')).toBe(`${process.pid} ${processStart(process.pid) ?? ''}`);
    expect(readdirSync(folder)).toEqual(['lock']);
    release();
  });

  it('given back twice leaves the next holder’s alone', () => {
    const file = join(newFolder(), 'lock');
    const release = takeLock(file);
    release();
    const next = takeLock(file);
    release();
    expect(existsSync(file)).toBe(true);
    next();
  });
});

describe('when a process began', () => {
  it('is the same each time, and another’s is another', () => {
    expect(processStart(process.pid)).toMatch(/./);
    expect(processStart(process.pid)).toBe(processStart(process.pid));
    expect(processStart(1)).not.toBe(processStart(process.pid));
  });

  it('is not known of one that has ended', () => {
    expect(processStart(endedPid())).toBeUndefined();
  });
});
