import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, run } from './command.js';
import { useTemporaryFolders } from './temporary-folder.js';

const newFolder = useTemporaryFolders();

/** A clone in which nothing is installed, and an npm that does what `script` says. */
function freshClone(script: string): { folder: string; env: Record<string, string> } {
  const folder = newFolder();
  for (const name of [
    'package.json',
    'package-lock.json',
    'scripts/compiled.mjs',
    'scripts/prepare.mjs',
    'scripts/start.mjs',
    'scripts/test.mjs',
    'scripts/demo.mjs',
  ]) {
    cpSync(join(ROOT, name), join(folder, name));
  }
  const npm = join(folder, 'npm.js');
  writeFileSync(npm, `import fs from 'node:fs'; ${script}`);
  return { folder, env: { npm_execpath: npm } };
}

/** Notes what npm would have installed, as npm does, and makes the one package that is needed first. */
const INSTALLS = `
  console.log('npm ' + process.argv.slice(2).join(' '));
  fs.mkdirSync('node_modules/tsx/esm', { recursive: true });
  fs.writeFileSync('node_modules/tsx/package.json', '{"type":"module","exports":{"./esm/api":"./esm/api.js"}}');
  fs.writeFileSync('node_modules/tsx/esm/api.js', 'export const register = () => console.log("ready")');
  fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');`;

describe('on a clone where nothing is installed', () => {
  it('npm start installs the packages, once', async () => {
    const { folder, env } = freshClone(INSTALLS);
    const first = await run([process.execPath, 'scripts/start.mjs'], { cwd: folder, env });
    expect(first.output).toMatch(/^Installing the packages .*\nnpm ci --no-audit --no-fund\nready\n/);
    const second = await run([process.execPath, 'scripts/start.mjs'], { cwd: folder, env });
    expect(second.output).toMatch(/^ready\n/);
  });

  it('npm test installs the development packages too, whatever NODE_ENV says', async () => {
    const { folder, env } = freshClone(INSTALLS);
    const { output } = await run([process.execPath, 'scripts/test.mjs'], {
      cwd: folder,
      env: { ...env, NODE_ENV: 'production' },
    });
    expect(output).toMatch(/\nnpm ci --no-audit --no-fund --include=dev\n/);
  });

  it('an installation that was cut off is made again', async () => {
    const { folder, env } = freshClone(INSTALLS);
    mkdirSync(join(folder, 'node_modules', 'tsx'), { recursive: true });
    expect((await run([process.execPath, 'scripts/start.mjs'], { cwd: folder, env })).output).toMatch(/^Installing/);
  });

  it('a failing npm gives a sentence', async () => {
    const { folder, env } = freshClone('console.error("npm error network"); process.exit(1)');
    expect(await run([process.execPath, 'scripts/start.mjs'], { cwd: folder, env })).toMatchObject({
      code: 1,
      output: expect.stringMatching(/npm error network\n\nThe packages could not be installed: .+ try again\.\n$/) as string,
    });
  });

  it('npm run demo says to start the issuer', async () => {
    const { folder, env } = freshClone('');
    expect(await run([process.execPath, 'scripts/demo.mjs'], { cwd: folder, env })).toEqual({
      code: 1,
      output: 'The issuer is not running: start it with `npm start` (which also installs the packages) and try again.\n',
    });
  });
});
