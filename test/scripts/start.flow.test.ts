import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManagementSession } from '../../scripts/demo/management-session.js';
import { freePort, isPortFree } from '../../scripts/engines/ports.js';
import { Command, run, runStart } from './command.js';

const PORTS = ['PORT', 'WORKER_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'MONGODB_PORT'] as const;

/** What a new user does, in order; each test goes on where the last one ended. */
describe('npm start', () => {
  const env: Record<string, string> = {};
  let folder = '';
  let command: Command;
  let credentials: { clientId: string; clientSecret: string };

  const start = () => new Command(['npm', 'start'], { env });
  const login = () => ManagementSession.open({ url: `http://localhost:${env.PORT}`, ...credentials });
  const offers = async () =>
    ((await (await login()).get('/v1/openid/offers/pre-authorized')) as { data: { id: string; outcome?: string }[] }).data;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chancery-start-'));
    env.DATA_DIR = folder;
    for (const name of PORTS) env[name] = String(await freePort());
  });
  afterAll(async () => {
    await command.interrupt();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('brings everything up and says where it is', async () => {
    command = start();
    await command.prints('npm run demo');
    const lines = command.output.split('\n').map((line) => line.trim().split(/ {2,}/));
    const said = Object.fromEntries(lines.filter((line) => line.length === 2)) as Record<string, string>;
    expect(said).toMatchObject({
      Issuer: `http://localhost:${env.PORT}`,
      'API documentation': `http://localhost:${env.PORT}/docs`,
      'Temporal UI': `http://localhost:${env.TEMPORAL_UI_PORT}`,
      'Data and logs': folder,
      'Management client': expect.stringMatching(/^admin-/) as string,
      'Management secret': expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    credentials = { clientId: said['Management client'] ?? '', clientSecret: said['Management secret'] ?? '' };
    for (const url of [said['API documentation'], said['Temporal UI']]) expect((await fetch(url ?? '')).status).toBe(200);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('shows a first offer as a QR code that fits a terminal, and as a link', async () => {
    const code = command.output.split('\n').filter((line) => /[▀▄█]/.test(line));
    expect(code.length).toBeGreaterThan(10);
    expect(Math.max(...code.map((line) => line.length))).toBeLessThanOrEqual(80);
    const [link = ''] = /openid-credential-offer:\/\/\S+/.exec(command.output) ?? [];
    const offer = await fetch(new URL(link).searchParams.get('credential_offer_uri') ?? '');
    expect(await offer.json()).toMatchObject({ credential_issuer: `http://localhost:${env.PORT}` });
    expect(await offers()).toHaveLength(1);
  });

  it('prints a command that collects a credential, in a terminal that has none of the settings', async () => {
    const printed = command.output.trimEnd().split('\n').at(-1)?.trim() ?? '';
    const { code, output } = await run(['sh', '-c', printed]);
    expect(output).toContain('✓ verified');
    expect(output).toContain('Lindqvist');
    expect(output).toContain('✓ issuer notified: credential_accepted');
    expect(code).toBe(0);
    await expect.poll(async () => (await offers()).map(({ outcome }) => outcome), { timeout: 15_000 }).toContain('accepted');
  });

  it('refuses a second start with the same data, and one at the same ports', async () => {
    expect(await runStart(env)).toEqual({
      code: 1,
      output: expect.stringMatching(/^\nChancery runs already with the data in \S+ \(process \d+\): .+\.\n$/) as string,
    });
    expect(await runStart({ ...env, DATA_DIR: join(folder, 'other') })).toEqual({
      code: 1,
      output: `\nPort ${env.PORT} (PORT) is in use by another program: stop that program, or set PORT to a free port.\n`,
    });
  });

  it('stops all of it on Ctrl-C', async () => {
    const { output } = await command.interrupt();
    expect(output.trimEnd()).toMatch(/\nStopping$/);
    await expect(everythingHasEnded()).resolves.toEqual([]);
  });

  it('keeps all data over a second start, and prints neither the secret nor an offer again', async () => {
    command = start();
    await command.prints('Ctrl-C stops it');
    expect(command.output).not.toContain(credentials.clientSecret);
    expect((await offers()).map(({ outcome }) => outcome)).toContain('accepted');
    expect(await offers()).toHaveLength(2);
    expect(command.output).not.toContain('openid-credential-offer');
  });

  it('leaves nothing behind when it is killed outright', async () => {
    await command.kill();
    await expect.poll(everythingHasEnded, { timeout: 15_000 }).toEqual([]);
  });

  it('says that the kept key is another, rather than serve what it cannot open', async () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64url');
    expect(readFileSync(join(folder, 'master-key'), 'utf8')).not.toContain(key);
    const { code, output } = await runStart({ ...env, MASTER_KEY: key });
    expect(output).toMatch(/\nThe API did not start: MASTER_KEY does not open the signing keys in the database: .+\.\n/);
    expect(output).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });

  /** What still runs or listens. */
  async function everythingHasEnded(): Promise<string[]> {
    const ports = await Promise.all(PORTS.map(async (name) => ((await isPortFree(Number(env[name]))) ? [] : [name])));
    const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
    return [...ports.flat(), ...processes.filter((args) => args.includes(folder))];
  }
});
