import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether the demo was cut off while it was set up: then the next start goes on with it. */
export function isSeedUnfinished(dataFolder: string): boolean {
  return existsSync(marker(dataFolder));
}

/** Sets the demo up; where that is cut off, or fails, it counts as unfinished. */
export async function whileSeeding<T>(dataFolder: string, action: () => Promise<T>): Promise<T> {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  writeFileSync(marker(dataFolder), '');
  const result = await action();
  rmSync(marker(dataFolder), { force: true });
  return result;
}

function marker(dataFolder: string): string {
  return join(dataFolder, 'demo-unfinished');
}
