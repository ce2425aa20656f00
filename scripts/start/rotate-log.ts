import { renameSync, statSync } from 'node:fs';

const LARGE_BYTES = 10_485_760;

/** Puts a large log aside as `<file>.1`, in the place of an earlier one. */
export function rotateLog(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGE_BYTES) renameSync(file, `${file}.1`);
}
