import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimDataFolder } from '../../../scripts/engines/data-folder.js';
import { useTemporaryFolders } from '../temporary-folder.js';

const newFolder = useTemporaryFolders();

describe("an engine's data folder", () => {
  it('is made for its owner alone, and opened again by the same engine', () => {
    const folder = join(newFolder(), 'mongodb');
    const files = claimDataFolder({ folder, engine: 'mongod' });
    expect(statSync(files).mode & 0o777).toBe(0o700);
    writeFileSync(join(files, 'data'), 'kept');
    expect(claimDataFolder({ folder, engine: 'mongod' })).toBe(files);
    expect(readFileSync(join(files, 'data'), 'utf8')).toBe('kept');
  });

  it('is not opened by another engine', () => {
    const folder = newFolder();
    claimDataFolder({ folder, engine: 'secantusdb' });
    expect(() => claimDataFolder({ folder, engine: 'mongod' })).toThrow(
      `The data in ${folder} was made by secantusdb and cannot be opened with mongod: start with secantusdb again, or set DATA_DIR to another folder.`,
    );
  });

  it('is not taken where it holds what no engine of ours has made', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'journal'));
    expect(() => claimDataFolder({ folder, engine: 'mongod' })).toThrow(`The folder ${folder} holds data of an unknown engine: `);
  });
});
