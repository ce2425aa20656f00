// Runs before any package is installed: nothing but Node's own modules in here.
import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './compiled.mjs';

/** Ends the process with one sentence for the person at the terminal. */
export function fail(sentence) {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
}

/** Makes sure of Node's version and of the packages. */
export async function prepare({ withDevelopmentPackages }) {
  process.chdir(root);
  requireNode();
  if (!packagesAreInstalled({ withDevelopmentPackages })) await installPackages({ withDevelopmentPackages });
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `Chancery needs Node.js 20.19 or newer, and this is ${process.versions.node}: install a newer one from https://nodejs.org.`,
  );
}

/** Compares what package-lock.json asks for with what npm noted down as installed; its note is the last thing it writes. */
function packagesAreInstalled({ withDevelopmentPackages }) {
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'));
  const wanted = readLock(join(root, 'package-lock.json'));
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional, dev, devOptional }]) => {
    if (path === '' || installed[path]?.version === version) return true;
    if (installed[path] !== undefined) return false;
    return optional === true || devOptional === true || (dev === true && !withDevelopmentPackages);
  });
}

function readLock(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function installPackages({ withDevelopmentPackages }) {
  const release = await takeLock(join(root, '.tmp', 'npm-ci.lock'));
  try {
    if (packagesAreInstalled({ withDevelopmentPackages })) return;
    process.stdout.write('Installing the packages (about a minute, once)\n');
    const [command, ...first] = process.env.npm_execpath?.endsWith('.js')
      ? [process.execPath, process.env.npm_execpath]
      : ['npm'];
    const flags = ['ci', '--no-audit', '--no-fund', ...(withDevelopmentPackages ? ['--include=dev'] : [])];
    const { status } = spawnSync(command, [...first, ...flags], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0)
      fail('The packages could not be installed: see what `npm ci` says above, check the network, and try again.');
  } finally {
    release();
  }
}

async function takeLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  for (let told = false; ;) {
    if (makeLock(file)) return () => rmSync(file, { force: true });
    const pid = Number(readIfThere(file));
    if (pid === process.pid || !isAlive(pid)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) process.stdout.write(`Waiting for process ${pid}, which is installing the packages\n`);
    told = true;
    await delay(500);
  }
}

/** Linked into place with its content, so that nobody ever reads an empty lock. */
function makeLock(file) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
