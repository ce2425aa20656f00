import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/engines/ports.js';
import { run } from './command.js';
import { useTemporaryFolders } from './temporary-folder.js';

const ADMIN = { ADMIN_CLIENT_ID: 'admin', ADMIN_CLIENT_SECRET: 'secret' };
const newFolder = useTemporaryFolders();

function demo(env: Readonly<Record<string, string>>, ...args: string[]) {
  return run([process.execPath, 'scripts/demo.mjs', ...args], { env: { DATA_DIR: newFolder(), ...env } });
}

describe('npm run demo', () => {
  let other: Server;
  let url = '';
  beforeAll(async () => {
    other = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    other.close();
  });

  it('says that no issuer runs', async () => {
    const port = String(await freePort());
    expect(await demo({ ...ADMIN, PORT: port })).toEqual({
      code: 1,
      output: `\nThe issuer is not running (nothing answers at http://localhost:${port}): start it with \`npm start\` and try again.\n`,
    });
  });

  it('says that another program answers', async () => {
    const { code, output } = await demo({ ...ADMIN, PUBLIC_URL: url });
    expect(output).toBe(
      `\nThe issuer is not running (what answers at ${url} is something else): start it with \`npm start\` and try again.\n`,
    );
    expect(code).toBe(1);
  });

  it.each([
    ['no issuer was ever started here', {}, [], /^There is no offer to collect: start the issuer with `npm start` first, /],
    ['the port is none', { PORT: 'http' }, [], /^http:\/\/localhost:http is no URL: correct PUBLIC_URL or PORT\.$/],
    ['the offer is no link', {}, ['--offer', 'offer'], /^The offer cannot be read: .+\.$/],
    [
      'the services of the demo do not run',
      { DEMO_PROVIDER_PORT: '9' },
      ['--flow', 'authorization-code', '--offer', 'offer'],
      /^The demo services are not running \(nothing of them answers at http:\/\/localhost:9\): .+\.$/,
    ],
    [
      'the browser has no offer to go to',
      {},
      ['--flow', 'authorization-code', '--browser', '--offer', 'x'],
      /^The offer cannot /,
    ],
    ['the option is unknown', {}, ['--offers'], /^Unknown option '--offers'/],
  ])('says that %s', async (_what, env, args, said) => {
    const { code, output } = await demo(env, ...args);
    expect(output.trim()).toMatch(said);
    expect(output).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  });

  it('says that the kept credentials are damaged', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'admin-client.json'), '{');
    expect((await demo({ DATA_DIR: folder })).output).toBe(
      `\n${folder}/admin-client.json is damaged: delete it, and start the issuer again.\n`,
    );
  });

  it('explains itself', async () => {
    expect(await demo({}, '--help')).toMatchObject({ code: 0, output: expect.stringContaining('Usage: npm run demo') as string });
  });
});
