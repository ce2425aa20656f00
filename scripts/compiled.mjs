// Nothing but Node's own modules at the top: it runs where perhaps no package is installed.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const parent = join(root, '.tmp', 'compiled');
const SOURCES = ['activities', 'api', 'config', 'credentials', 'keys', 'outbound', 'scripts', 'store', 'worker', 'workflows'];
/** What else decides on what comes out of the compiler, and of the worker's bundler (worker/workflow-code.ts). */
const DECISIVE = ['package.json', 'package-lock.json', 'node_modules/.package-lock.json', 'tsconfig.json'];
const KEPT = 10;

/**
 * Imports a script of ours, `api/main.ts`, with all it imports: compiled once, and not at each start. Where that is not
 * possible, as on a disk that is read-only, tsx compiles while it loads: with the same compiler and the same settings.
 */
export async function load(script) {
  const folder = await compiledSources();
  if (folder === undefined) (await import('tsx/esm/api')).register();
  else process.setSourceMapsEnabled(true);
  const file = folder === undefined ? join(root, script) : join(folder, script.replace(/\.ts$/, '.js'));
  return import(pathToFileURL(file).href);
}

/** A folder with the sources as they are at this moment, each beside what it was compiled to; none on a disk that is read-only. */
async function compiledSources() {
  const draft = join(parent, randomUUID());
  let folder;
  try {
    const files = readSources();
    folder = join(parent, keyOf(files));
    if (existsSync(folder)) return folder;
    await compile(files, draft);
    renameSync(draft, folder);
    forgetOldOnes();
  } catch {
    if (existsSync(draft)) rmSync(draft, { recursive: true, force: true });
  }
  // Another process may have been faster.
  return folder !== undefined && existsSync(folder) ? folder : undefined;
}

/** Path and content of each source. */
function readSources() {
  const paths = SOURCES.flatMap((name) =>
    readdirSync(join(root, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  );
  return paths.sort().map((path) => ({ path, content: readFileSync(join(root, path)) }));
}

function keyOf(files) {
  const hash = createHash('sha256').update(JSON.stringify([process.version, process.platform, process.arch]));
  const decisive = DECISIVE.filter((path) => existsSync(join(root, path)));
  for (const { path, content } of [...files, ...decisive.map((path) => ({ path, content: readFileSync(join(root, path)) }))])
    hash.update(`\n${path} ${content.length}\n`).update(content);
  return hash.digest('hex').slice(0, 32);
}

/** Written from memory: what was read is what the folder is named after. */
async function compile(files, target) {
  const { build, stop } = await import('esbuild');
  for (const { path, content } of files) {
    mkdirSync(join(target, dirname(path)), { recursive: true });
    writeFileSync(join(target, path), content);
  }
  try {
    await build({
      absWorkingDir: target,
      entryPoints: files.map(({ path }) => path).filter((path) => path.endsWith('.ts')),
      outdir: target,
      outbase: target,
      tsconfig: join(root, 'tsconfig.json'),
      format: 'esm',
      platform: 'node',
      target: `node${process.versions.node}`,
      keepNames: true,
      minifyWhitespace: true,
      sourcemap: 'inline',
      sourcesContent: false,
      logLevel: 'silent',
    });
  } finally {
    // Its process would stay as long as ours.
    await stop();
  }
}

function forgetOldOnes() {
  const made = readdirSync(parent).map((name) => ({ path: join(parent, name), at: statSync(join(parent, name)).mtimeMs }));
  for (const { path } of made.sort((one, other) => other.at - one.at).slice(KEPT)) rmSync(path, { recursive: true, force: true });
}
