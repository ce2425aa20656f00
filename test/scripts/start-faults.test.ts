import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/engines/ports.js';
import { run, runStart } from './command.js';
import { useTemporaryFolders } from './temporary-folder.js';

const OWN_SERVERS = { TEMPORAL_ADDRESS: '127.0.0.1:9', MONGODB_URI: 'mongodb://127.0.0.1:9/' };
const STRONG = randomBytes(32).toString('base64url');
const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://issuer.example',
  MASTER_KEY: STRONG,
  ADMIN_CLIENT_ID: 'admin',
  ADMIN_CLIENT_SECRET: STRONG,
  ...OWN_SERVERS,
};

const newFolder = useTemporaryFolders();

async function ports(): Promise<Record<string, string>> {
  const demo = ['DEMO_PROVIDER_PORT', 'DEMO_HOOK_PORT', 'DEMO_CLAIMS_PORT'];
  const names = ['PORT', 'WORKER_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'MONGODB_PORT', ...demo];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())] as const)));
}

/** Runs `npm start`'s script, which must end with 1 and without a stack trace; gives what it said. */
async function refusal(env: Readonly<Record<string, string>>): Promise<string> {
  const { code, output } = await runStart({ DATA_DIR: newFolder(), ...(await ports()), ...env });
  expect(output).not.toMatch(/^ +at /m);
  expect(code).toBe(1);
  return output.trim();
}

describe.concurrent('npm start refuses, in a sentence,', () => {
  it.each<[what: string, env: Record<string, string>, said: string | RegExp]>([
    [
      'wrong settings, all at once',
      { PORT: 'http', TEMPORAL_TLS: 'yes', MONGODB_URI: 'localhost' },
      [
        'The settings are wrong:',
        '  PORT: needs a whole number from 0 to 65535',
        '  MONGODB_URI: needs an address that begins with mongodb:// or mongodb+srv://',
        '  TEMPORAL_TLS: write true or false',
      ].join('\n'),
    ],
    ['a wrong port of its own', { TEMPORAL_PORT: '70000' }, 'TEMPORAL_PORT: needs a port from 1 to 65535.'],
    [
      'a wrong port of the demo, and a switch that is none',
      { DEMO_HOOK_PORT: '0', DEMO_SERVICES: 'yes' },
      'DEMO_SERVICES: write on or off.\nDEMO_HOOK_PORT: needs a port from 1 to 65535.',
    ],
    [
      'the demo in production',
      { ...PRODUCTION, DEMO_SERVICES: 'on' },
      'The demo lets anybody log in as anybody: in production leave DEMO_SERVICES out, or set it to off.',
    ],
    ['one port for two', { PORT: '24999', MONGODB_PORT: '24999' }, /^PORT and MONGODB_PORT are both 24999: /],
    ['half of the credentials', { ADMIN_CLIENT_ID: 'me' }, /^ADMIN_CLIENT_ID is set without ADMIN_CLIENT_SECRET: /],
    [
      'a secret in a file that is not there',
      { ADMIN_CLIENT_SECRET_FILE: '/nowhere' },
      /\n {2}ADMIN_CLIENT_SECRET_FILE: cannot be read$/,
    ],
    [
      'embedded servers in production',
      { NODE_ENV: 'production' },
      /^The embedded .* in production set TEMPORAL_ADDRESS and MONGODB_URI to /,
    ],
    [
      'a missing MongoDB address in production',
      { ...PRODUCTION, MONGODB_URI: '' },
      /^The embedded .* in production set MONGODB_URI to servers of your own\.$/,
    ],
    [
      'weak secrets and plain http in production',
      { ...PRODUCTION, PUBLIC_URL: '', MASTER_KEY: 'A'.repeat(43), ADMIN_CLIENT_SECRET: 'secret' },
      [
        'The settings are wrong:',
        '  MASTER_KEY: is weak; use 32 random bytes',
        '  PUBLIC_URL: needs https in production',
        '  ADMIN_CLIENT_SECRET: is weak; use at least 32 random characters',
      ].join('\n'),
    ],
    ['missing secrets in production', { ...PRODUCTION, MASTER_KEY: '', ADMIN_CLIENT_SECRET: '' }, /MASTER_KEY: is missing/],
    [
      'a Temporal that does not answer',
      OWN_SERVERS,
      /^Temporal does not answer at 127\.0\.0\.1:9: start it, or correct TEMPORAL_ADDRESS, /,
    ],
  ])('%s', async (_what, env, said) => {
    expect(await refusal(env)).toEqual(typeof said === 'string' ? said : expect.stringMatching(said));
  });

  it('a data folder that cannot be written', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(await refusal({ DATA_DIR: join(file, 'data') })).toBe(
      `The data folder ${file}/data cannot be used (ENOTDIR): make it writable, or set DATA_DIR to another.`,
    );
  });

  it('an engines folder that cannot be written', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(await refusal({ ENGINES_DIR: join(file, 'engines') })).toMatch(/file\/engines\S* cannot be used \(ENOTDIR\): /);
  });

  it('data of another engine, and leaves it alone', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'mongodb'));
    writeFileSync(join(folder, 'mongodb', 'made-by'), 'another-engine\n');
    writeFileSync(join(folder, 'master-key'), STRONG);
    expect(await refusal({ DATA_DIR: folder })).toMatch(/^The data in \S+ was made by another-engine and cannot be opened with /);
    expect(readdirSync(join(folder, 'mongodb'))).toEqual(['made-by']);
  });

  it('data whose key is gone', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'mongodb'));
    expect(await refusal({ DATA_DIR: folder })).toMatch(
      /^\S+master-key is gone, and without it the data in \S+ cannot be read: /,
    );
  });

  it('a machine without Python', async () => {
    const folder = newFolder();
    expect(await refusal({ ENGINES_DIR: folder, PATH: folder })).toBe(
      'The embedded Temporal and MongoDB need Python 3.10 to 3.13 with venv, and no Python was found: install one (for example python3 and python3-venv), or set TEMPORAL_ADDRESS and MONGODB_URI to servers of your own.',
    );
  });

  it('an old Node.js', async () => {
    const old = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.18.3"}})';
    expect(await run([process.execPath, '--import', old, 'scripts/start.mjs'])).toEqual({
      code: 1,
      output: '\nChancery needs Node.js 20.19 or newer, and this is 20.18.3: install a newer one from https://nodejs.org.\n',
    });
  });
});
