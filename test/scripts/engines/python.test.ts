import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPython } from '../../../scripts/engines/python.js';
import { useTemporaryFolders } from '../temporary-folder.js';

const newFolder = useTemporaryFolders();

/** A PATH with programs that answer as a Python of that version would; `!` in front: one without venv. */
function pathWith(pythons: Readonly<Record<string, string>>): string {
  const folder = newFolder();
  for (const [name, version] of Object.entries(pythons)) {
    const script = `#!/bin/sh\necho ${version.replace('!', '')}\nexit ${version.startsWith('!') ? 1 : 0}\n`;
    writeFileSync(join(folder, name), script, { mode: 0o755 });
  }
  return folder;
}

describe('the Python for the embedded servers', () => {
  it.each([
    ['python3', { python3: '3.12' }],
    ['python', { python: '3.10' }],
    ['python3.11', { python3: '3.14', 'python3.11': '3.11' }],
    ['python3.12', { python3: '!3.13', 'python3.12': '3.12' }],
    ['python3', { python3: '3.13', 'python3.10': '3.10' }],
  ])('is %s of %o', (name, pythons) => {
    const path = pathWith(pythons);
    expect(findPython(path)).toBe(join(path, name));
  });

  it('may lie anywhere on PATH', () => {
    const [old, good] = [pathWith({ python3: '3.9' }), pathWith({ 'python3.13': '3.13' })];
    expect(findPython(`/nowhere::${old}:${good}`)).toBe(join(good, 'python3.13'));
  });

  it.each([
    ['no Python was found', {}],
    ['there is only Python 3.9', { python3: '3.9', python: '3.9' }],
    ['there is only Python 3.14 and Python 3.8', { python3: '3.14', python: '3.8' }],
    ['there is only Python 3.11 without venv (on Debian and Ubuntu: apt-get install python3-venv)', { python3: '!3.11' }],
    ['no Python was found', { python3: 'nonsense' }],
  ])('is missing where %s', (found, pythons) => {
    expect(() => findPython(pathWith(pythons))).toThrow(
      `The embedded Temporal and MongoDB need Python 3.10 to 3.13 with venv, and ${found}: install one`,
    );
  });

  it('is no folder and no file that cannot be run', () => {
    const path = newFolder();
    mkdirSync(join(path, 'python3'));
    writeFileSync(join(path, 'python'), '');
    expect(() => findPython(path)).toThrow('no Python was found');
  });
});
