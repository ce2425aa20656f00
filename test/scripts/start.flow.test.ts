import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walkAsHolder } from '../../scripts/demo/holder-walk.js';
import { ManagementSession } from '../../scripts/demo/management-session.js';
import { DEMO_PEOPLE } from '../../scripts/demo/people.js';
import { freePort, isPortFree } from '../../scripts/engines/ports.js';
import { Command, run, runStart } from './command.js';

const PORTS = [
  'PORT',
  'WORKER_PORT',
  'TEMPORAL_PORT',
  'TEMPORAL_UI_PORT',
  'MONGODB_PORT',
  'DEMO_PROVIDER_PORT',
  'DEMO_HOOK_PORT',
  'DEMO_CLAIMS_PORT',
] as const;

/** What the demo shows of a credential whose claims come from the provider, the interaction hook and the claims source. */
const OF_ALL_SOURCES = [
  /family_name +Example\n/,
  /employee_number +004711\n/,
  /department +Calibration\n/,
  /job_title +Calibration engineer\n/,
  /access_areas\[1\] +laboratory 2\n/,
];

/** What a new user does, in order; each test goes on where the last one ended. */
describe('npm start', () => {
  const env: Record<string, string> = {};
  let folder = '';
  let command: Command;
  let employeeIdLink = '';
  let credentials: { clientId: string; clientSecret: string };

  /** The printed command that ends with `words`. */
  const printed = (words: string) =>
    command.output
      .split('\n')
      .find((line) => line.endsWith(words))
      ?.trim() ?? '';
  const offerLinks = () => command.output.match(/openid-credential-offer:\/\/\S+/g) ?? [];
  const codeDemo = (...args: string[]) =>
    [process.execPath, 'scripts/demo.mjs', '--flow', 'authorization-code', ...args] as const;
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
    await command.prints('--flow authorization-code');
    const lines = command.output.split('\n').map((line) => line.trim().split(/ {2,}/));
    const said = Object.fromEntries(lines.filter((line) => line.length === 2)) as Record<string, string>;
    expect(said).toMatchObject({
      Issuer: `http://localhost:${env.PORT}`,
      'API documentation': `http://localhost:${env.PORT}/docs`,
      'Temporal UI': `http://localhost:${env.TEMPORAL_UI_PORT}`,
      'Data and logs': folder,
      'Demo login': `http://localhost:${env.DEMO_PROVIDER_PORT}`,
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
    const { code, output } = await run(['sh', '-c', printed('npm run demo')]);
    expect(output).toContain('✓ verified');
    expect(output).toContain('Lindqvist');
    expect(output).toContain('✓ issuer notified: credential_accepted');
    expect(code).toBe(0);
    await expect.poll(async () => (await offers()).map(({ outcome }) => outcome), { timeout: 15_000 }).toContain('accepted');
  });

  it('prints one that goes the whole way of the authorization code flow', async () => {
    const { code, output } = await run(['sh', '-c', printed('npm run demo -- --flow authorization-code')]);
    const steps = [...output.matchAll(/✓ (.+)\n/g)].map(([, step]) => step);
    expect(steps).toEqual([
      'offer made by the management API',
      'offer read',
      'metadata of issuer and authorization server read',
      'authorization request pushed (PAR), with PKCE and DPoP',
      'consent page shown and agreed',
      'logged in at the demo provider as Aroha Example',
      'confirmed at the demo hook',
      'holder back in the wallet',
      'code redeemed for an access token (DPoP)',
      'credential received',
      'verified',
      'issuer notified: credential_accepted',
    ]);
    for (const claim of OF_ALL_SOURCES) expect(output).toMatch(claim);
    expect(code).toBe(0);
  });

  it('shows an offer for that flow as a link and as a page', async () => {
    employeeIdLink = offerLinks()[1] ?? '';
    const reference = new URL(employeeIdLink).searchParams.get('credential_offer_uri') ?? '';
    expect(await (await fetch(reference)).json()).toMatchObject({
      credential_issuer: `http://localhost:${env.PORT}`,
      grants: { authorization_code: { issuer_state: expect.any(String) as string } },
    });
    const [page = ''] = /http:\/\/\S+\/offers\/\S+/.exec(command.output.split('as a page for people:')[1] ?? '') ?? [];
    const answer = await fetch(page, { headers: { 'accept-language': 'de' } });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Mitarbeiterausweis')]);
  });

  it('has a demo that says which offer is for which flow', async () => {
    const [badge = '', employeeId = ''] = offerLinks();
    expect((await run(codeDemo('--offer', badge), { env })).output).toMatch(
      /\nThis offer is not for the authorization code flow: /,
    );
    const { code, output } = await run([process.execPath, 'scripts/demo.mjs', '--offer', employeeId], { env });
    expect(output).toMatch(/\nThis offer has no pre-authorized code: its holder logs in, with --flow authorization-code\.\n$/);
    expect(code).toBe(1);
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

  it('still has the demo, which a holder may go through in a browser', async () => {
    // As if the first start had been cut off between the issuer's making the secret and the hook's being told.
    rmSync(join(folder, 'demo', 'hook-secret'));
    const wallet = new Command(codeDemo('--browser'), { env });
    await wallet.prints('/v1/oauth/authorize?');
    const [url = ''] = /http:\/\/\S+\/v1\/oauth\/authorize\?\S+/.exec(wallet.output) ?? [];
    const [aroha] = DEMO_PEOPLE;
    const back = await walkAsHolder({ url, redirectUri: 'http://127.0.0.1:', account: aroha!, onStep: () => undefined });
    const page = await fetch(back);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('You can close this.')]);
    const { code, output } = await wallet.ended;
    for (const claim of OF_ALL_SOURCES) expect(output).toMatch(claim);
    expect(code).toBe(0);
  });

  it('leaves nothing behind when it is killed outright', async () => {
    await command.kill();
    await expect.poll(everythingHasEnded, { timeout: 15_000 }).toEqual([]);
  });

  it('completes a set-up of the demo that was cut off, its services at another port', async () => {
    writeFileSync(join(folder, 'demo-unfinished'), '');
    env.DEMO_HOOK_PORT = String(await freePort());
    command = start();
    await command.prints('--flow authorization-code');
    expect(existsSync(join(folder, 'demo-unfinished'))).toBe(false);
    expect(offerLinks()[1]).toBe(employeeIdLink);
    const { code, output } = await run(codeDemo('--offer', employeeIdLink, '--as', 'demo-bruno'), { env });
    expect(output).toMatch(/✓ logged in at the demo provider as Bruno Beispiel\n/);
    expect(output).toMatch(/family_name +Beispiel\n/);
    expect(output).toMatch(/job_title +Logistics planner\n/);
    expect(code).toBe(0);
  });

  it('has a demo that leaves an interaction hook of the issuer alone', async () => {
    const path = '/v1/openid/configuration';
    const session = await login();
    await session.put(path, { interactionHook: { url: 'https://hook.issuer.com/' } });
    const { code, output } = await run(codeDemo(), { env });
    expect(output).toMatch(/^\nThe issuer has an interaction hook of its own, which the demo leaves alone: .+\.\n$/);
    expect(code).toBe(1);
    expect(await session.get(path)).toMatchObject({ interactionHook: { url: 'https://hook.issuer.com/' } });
    await command.interrupt();
    await expect(everythingHasEnded()).resolves.toEqual([]);
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
