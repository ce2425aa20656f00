import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locateMongo, locateTemporal, locateTemporalTestServer } from '../../../scripts/engines/locate.js';
import { useTemporaryFolders } from '../temporary-folder.js';

const newFolder = useTemporaryFolders();

describe('the servers to start', () => {
  it('are those on PATH where there are some', async () => {
    const PATH = newFolder();
    for (const name of ['temporal', 'temporal-test-server', 'mongod']) writeFileSync(join(PATH, name), '', { mode: 0o755 });
    expect(await locateTemporal({ env: { PATH } })).toBe(join(PATH, 'temporal'));
    expect(await locateTemporalTestServer({ env: { PATH } })).toBe(join(PATH, 'temporal-test-server'));
    expect(await locateMongo({ env: { PATH } })).toEqual({ kind: 'mongod', command: join(PATH, 'mongod'), args: [] });
  });

  it('are the embedded ones elsewhere, in ENGINES_DIR', async () => {
    const env = { PATH: newFolder(), ENGINES_DIR: newFolder() };
    await expect(locateTemporal({ env })).rejects.toThrow('no Python was found');
    await expect(locateMongo({ env })).rejects.toThrow('no Python was found');
  });
});
