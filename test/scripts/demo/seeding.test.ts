import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSeedUnfinished, whileSeeding } from '../../../scripts/demo/seeding.js';
import { useTemporaryFolders } from '../temporary-folder.js';

const newFolder = useTemporaryFolders();

describe('setting the demo up', () => {
  it('is unfinished from its beginning to its end', async () => {
    const folder = join(newFolder(), 'data');
    expect(isSeedUnfinished(folder)).toBe(false);
    const during = await whileSeeding(folder, () => Promise.resolve(isSeedUnfinished(folder)));
    expect([during, isSeedUnfinished(folder)]).toEqual([true, false]);
  });

  it('stays unfinished where it fails', async () => {
    const folder = newFolder();
    await expect(whileSeeding(folder, () => Promise.reject(new Error('cut off')))).rejects.toThrow('cut off');
    expect(isSeedUnfinished(folder)).toBe(true);
  });
});
