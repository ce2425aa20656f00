import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensurePythonVerifiers } from '../../../scripts/check/python-verifiers.js';
import { useTemporaryFolders } from '../temporary-folder.js';

/** Stands in for Python: notes in `calls` what it was asked to install, and fails where a file `broken` lies beside it. */
const PYTHON = (home: string) => `#!/bin/sh
case "$1 $2" in
  '-c import sys'*) echo 3.12; exit 0 ;;
  '-c import cwt'*) exit 0 ;;
  '-m venv') mkdir -p "$3/bin" && cp "$0" "$3/bin/python3"; exit ;;
esac
echo "$@" >> '${home}/calls'
if [ -e '${home}/broken' ]; then echo 'ERROR: no network' >&2; exit 1; fi
`;

const newFolder = useTemporaryFolders();

describe("the tests' Python verifiers", () => {
  let home = '';

  beforeEach(() => {
    home = newFolder();
    mkdirSync(join(home, 'bin'));
    writeFileSync(join(home, 'bin', 'python3'), PYTHON(home), { mode: 0o755 });
  });

  const ensure = () =>
    ensurePythonVerifiers({ env: { ENGINES_DIR: join(home, 'engines'), PATH: `${join(home, 'bin')}:/usr/bin:/bin` } });
  const installations = () => readFileSync(join(home, 'calls'), 'utf8').trim().split('\n');

  it('are made once, beside the engines, from wheels with pinned hashes alone', async () => {
    const [first, second] = await Promise.all([ensure(), ensure()]);
    expect(second).toBe(first);
    expect(existsSync(first)).toBe(true);
    expect(first.startsWith(join(home, 'engines', 'verifiers'))).toBe(true);
    expect(await ensure()).toBe(first);
    expect(installations()).toEqual([
      expect.stringMatching(/--require-hashes --only-binary=:all: --no-deps .+verifiers-requirements\.txt$/),
    ]);
    expect(readdirSync(join(home, 'engines', 'verifiers'))).toHaveLength(1);
  });

  it('say why they cannot be made, and can be tried again', async () => {
    writeFileSync(join(home, 'broken'), '');
    await expect(ensure()).rejects.toThrow(
      /^The tests' Python verifiers could not be installed: check the network .+ and try again\.\nERROR: no network$/,
    );
  });

  it('are pinned in every part', () => {
    const lines = readFileSync(new URL('../../../scripts/verifiers-requirements.txt', import.meta.url), 'utf8').split('\n');
    const packages = lines.filter((line) => /^[a-z0-9]/i.test(line));
    expect(packages.length).toBeGreaterThan(0);
    for (const line of packages) expect(line).toMatch(/^[a-z0-9-]+==[\d.]+ \\$/);
    expect(lines).toContain('--only-binary :all:');
  });
});
