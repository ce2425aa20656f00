import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureSecrets, markAdminClientShown } from '../../../scripts/start/secrets.js';
import { useTemporaryFolders } from '../temporary-folder.js';

const newFolder = useTemporaryFolders();
const ensure = (folder: string, env: Readonly<Record<string, string>> = {}) => ensureSecrets({ env, folder, production: false });

describe('the secrets npm start makes', () => {
  it('are made once, for their owner alone', () => {
    const folder = newFolder();
    const first = ensure(folder);
    expect(first.env).toEqual({
      MASTER_KEY_FILE: join(folder, 'master-key'),
      ADMIN_CLIENT_ID: expect.stringMatching(/^admin-[0-9a-f]{12}$/) as string,
      ADMIN_CLIENT_SECRET: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    expect(readFileSync(join(folder, 'master-key'), 'utf8')).toMatch(/^[\w-]{43}\n$/);
    for (const name of ['master-key', 'admin-client.json']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(ensure(folder).env).toEqual(first.env);
    expect(ensure(newFolder()).env.ADMIN_CLIENT_SECRET).not.toBe(first.env.ADMIN_CLIENT_SECRET);
  });

  it('are shown until somebody has seen them', () => {
    const folder = newFolder();
    const { newAdminClient } = ensure(folder);
    expect(newAdminClient?.clientSecret).toMatch(/./);
    expect(ensure(folder).newAdminClient).toEqual(newAdminClient);
    markAdminClientShown(folder);
    expect(ensure(folder).newAdminClient).toBeUndefined();
  });

  it.each([
    [{ MASTER_KEY: 'given' }, ['ADMIN_CLIENT_ID', 'ADMIN_CLIENT_SECRET']],
    [{ MASTER_KEY_FILE: '/given' }, ['ADMIN_CLIENT_ID', 'ADMIN_CLIENT_SECRET']],
    [{ ADMIN_CLIENT_ID: 'me', ADMIN_CLIENT_SECRET: 'given' }, ['MASTER_KEY_FILE']],
    [{ ADMIN_CLIENT_SECRET_FILE: '/given' }, ['ADMIN_CLIENT_ID', 'MASTER_KEY_FILE']],
  ])('are not made where they are given: %o', (env, made) => {
    expect(Object.keys(ensure(newFolder(), env).env).sort()).toEqual(made);
  });

  it('are none in production', () => {
    const folder = newFolder();
    expect(ensureSecrets({ env: {}, folder, production: true })).toEqual({ env: {} });
  });

  it('are not made anew over data that needs the old ones', () => {
    const folder = newFolder();
    ensure(folder);
    mkdirSync(join(folder, 'mongodb'));
    rmSync(join(folder, 'master-key'));
    expect(() => ensure(folder)).toThrow(/master-key is gone, and without it the data .+ cannot be read: /);
  });

  it.each([
    ['master-key', /master-key is damaged, and without it the data beside it cannot be read: put it back as it was\.$/],
    ['admin-client.json', /admin-client\.json is damaged: delete it and start again /],
  ])('say so when damaged: %s', (name, said) => {
    const folder = newFolder();
    ensure(folder);
    writeFileSync(join(folder, name), 'x');
    expect(() => ensure(folder)).toThrow(said);
  });
});
