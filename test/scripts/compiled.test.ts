import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, run } from './command.js';
import { useTemporaryFolders } from './temporary-folder.js';

const newFolder = useTemporaryFolders();

const SOURCES = ['activities', 'api', 'config', 'credentials', 'keys', 'outbound', 'store', 'worker', 'workflows'];

/** A project whose API says what another source tells it, whether it is compiled, and its arguments. */
function project(told: string): string {
  const folder = newFolder();
  for (const name of ['package.json', 'tsconfig.json', 'scripts/compiled.mjs', 'scripts/run.mjs'])
    cpSync(join(ROOT, name), join(folder, name));
  for (const name of SOURCES) mkdirSync(join(folder, name));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(
    join(folder, 'api/main.ts'),
    `import { told } from '../store/told.js';
     console.log(told, import.meta.url.endsWith('.js') ? 'compiled' : 'loaded', ...process.argv.slice(2));`,
  );
  tell(folder, told);
  return folder;
}

function tell(folder: string, told: string): void {
  writeFileSync(join(folder, 'store/told.ts'), `export const told: string = ${JSON.stringify(told)};`);
}

async function said(folder: string): Promise<string> {
  return (await run([process.execPath, 'scripts/run.mjs', 'api/main.ts', '--now'], { cwd: folder })).output.trim();
}

const kept = (folder: string) => readdirSync(join(folder, '.tmp/compiled'));

describe('a script that is run', () => {
  it('is compiled once for the sources as they are: never another version of them', async () => {
    const folder = project('one');
    expect(await said(folder)).toBe('one compiled --now');
    const [first] = kept(folder);
    expect(await said(folder)).toBe('one compiled --now');
    expect(kept(folder)).toEqual([first]);
    tell(folder, 'two');
    expect(await said(folder)).toBe('two compiled --now');
    expect(kept(folder)).toHaveLength(2);
    tell(folder, 'one');
    expect(await said(folder)).toBe('one compiled --now');
    expect(kept(folder)).toHaveLength(2);
  });

  it('is compiled anew where the packages or the settings of the compiler are others', async () => {
    const folder = project('one');
    await said(folder);
    writeFileSync(join(folder, 'package-lock.json'), '{}');
    await said(folder);
    expect(kept(folder)).toHaveLength(2);
  });

  it('is compiled by several processes at once without harm, and leaves no drafts', async () => {
    const folder = project('one');
    expect(new Set(await Promise.all([1, 2, 3].map(() => said(folder))))).toEqual(new Set(['one compiled --now']));
    expect(kept(folder)).toHaveLength(1);
  });

  it('leaves the last ten versions', async () => {
    const folder = project('one');
    for (let version = 0; version < 11; version += 1)
      mkdirSync(join(folder, `.tmp/compiled/older-${version}`), { recursive: true });
    await said(folder);
    expect(kept(folder)).toHaveLength(10);
    expect(await said(folder)).toBe('one compiled --now');
  });

  it('is compiled while it is loaded where nothing can be kept, or a source cannot be compiled', async () => {
    const folder = project('one');
    writeFileSync(join(folder, '.tmp'), '');
    expect(await said(folder)).toBe('one loaded --now');
    rmSync(join(folder, '.tmp'));
    writeFileSync(join(folder, 'keys/unfinished.ts'), 'const');
    expect(await said(folder)).toBe('one loaded --now');
    expect(kept(folder)).toEqual([]);
  });
});
