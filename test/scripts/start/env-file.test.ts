import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadEnvFile } from '../../../scripts/start/env-file.js';
import { useTemporaryFolders } from '../temporary-folder.js';

const newFolder = useTemporaryFolders();

describe('.env', () => {
  afterEach(() => {
    delete process.env.CHANCERY_TEST_ONE;
    delete process.env.CHANCERY_TEST_TWO;
  });

  it('gives variables that the environment does not have', () => {
    const file = join(newFolder(), '.env');
    writeFileSync(file, '# comment\nCHANCERY_TEST_ONE=file\nCHANCERY_TEST_TWO="two words"\n');
    process.env.CHANCERY_TEST_ONE = 'environment';
    loadEnvFile(file);
    expect(process.env).toMatchObject({ CHANCERY_TEST_ONE: 'environment', CHANCERY_TEST_TWO: 'two words' });
  });

  it('need not be there', () => {
    expect(() => {
      loadEnvFile(join(newFolder(), '.env'));
    }).not.toThrow();
  });

  it('says so when it cannot be read', () => {
    const folder = newFolder();
    expect(() => {
      loadEnvFile(folder);
    }).toThrow(`${folder} cannot be read: make it a readable file like .env.example, or remove it.`);
  });
});
