import { modulesOf, type Modules } from './qr-image.js';

const LEVEL_L = 1;
/** Of error correction level L, by version: error correction codewords of a block, and blocks (ISO/IEC 18004, table 9). */
const CORRECTION = [
  7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30,
  30, 30, 30, 30, 30, 30, 30, 30,
];
const BLOCKS = [
  1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22,
  24, 25,
];
const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** Text of a faultlessly drawn QR code of error correction level L: what a camera would read. */
export function readQrCode(dataUri: string): string {
  const modules = modulesOf(dataUri);
  const version = (modules.length - 17) / 4;
  return textOf(dataOf(codewordsOf(modules, version), version), version);
}

const MASKS: readonly ((x: number, y: number) => number)[] = [
  (x, y) => (x + y) % 2,
  (_x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

/** The bytes in the order they were placed, unmasked. */
function codewordsOf(modules: Modules, version: number): number[] {
  const size = modules.length;
  const at = (x: number, y: number): number => (modules[y]?.[x] === true ? 1 : 0);
  const format = [...Array(6).keys()].map((i) => at(8, i)).concat(at(8, 7), at(8, 8), at(7, 8));
  for (let i = 9; i < 15; i += 1) format.push(at(14 - i, 8));
  const settings = format.reduce((sum, bit, i) => sum | (bit << i), 0) ^ 0x5412;
  if (settings >> 13 !== LEVEL_L) throw new Error('the error correction level is not L');
  const mask = MASKS[(settings >> 10) & 7] ?? (() => 1);
  const bits: number[] = [];
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1])
        if (!isFunction(x, y, { size, version })) bits.push(at(x, y) ^ (mask(x, y) === 0 ? 1 : 0));
    }
  }
  return Array.from({ length: Math.floor(bits.length / 8) }, (_, i) => numberIn(bits.slice(8 * i, 8 * i + 8)));
}

/** Whether a module belongs to a pattern instead of the data. */
function isFunction(x: number, y: number, { size, version }: { size: number; version: number }): boolean {
  if ((x < 9 && y < 9) || (x >= size - 8 && y < 9) || (x < 9 && y >= size - 8) || x === 6 || y === 6) return true;
  if (version >= 7 && ((x >= size - 11 && y < 6) || (x < 6 && y >= size - 11))) return true;
  const centres = alignmentCentres(version, size);
  const last = size - 7;
  return centres.some((cx) =>
    centres.some((cy) => {
      const isFinder = (cx === 6 && cy === 6) || (cx === 6 && cy === last) || (cx === last && cy === 6);
      return !isFinder && Math.abs(x - cx) <= 2 && Math.abs(y - cy) <= 2;
    }),
  );
}

function alignmentCentres(version: number, size: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => size - 7 - i * step)];
}

/** The data codewords of all blocks, one block after the other. */
function dataOf(codewords: readonly number[], version: number): number[] {
  const blocks = BLOCKS[version - 1] ?? 0;
  const short = Math.floor(codewords.length / blocks) - (CORRECTION[version - 1] ?? 0);
  const shortBlocks = blocks - (codewords.length % blocks);
  return [...Array(blocks).keys()].flatMap((block) => {
    const own = [...Array(short).keys()].map((i) => codewords[i * blocks + block] ?? 0);
    return block < shortBlocks ? own : [...own, codewords[short * blocks + block - shortBlocks] ?? 0];
  });
}

/** The text of the segments: numeric, alphanumeric and byte mode. */
function textOf(data: readonly number[], version: number): string {
  const bits = data.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((shift) => (byte >> shift) & 1));
  let position = 0;
  const take = (count: number) => numberIn(bits.slice(position, (position += count)));
  const size = version < 10 ? 0 : version < 27 ? 1 : 2;
  let bytes = Buffer.alloc(0);
  for (;;) {
    const mode = position + 4 > bits.length ? 0 : take(4);
    if (mode === 0) return bytes.toString('utf8');
    let segment = '';
    if (mode === 1) {
      for (let left = take([10, 12, 14][size] ?? 0); left > 0; left -= 3) {
        const digits = Math.min(left, 3);
        segment += String(take([0, 4, 7, 10][digits] ?? 0)).padStart(digits, '0');
      }
    } else if (mode === 2) {
      for (let left = take([9, 11, 13][size] ?? 0); left > 0; left -= 2) {
        const pair = take(left === 1 ? 6 : 11);
        segment +=
          left === 1 ? ALPHANUMERIC.charAt(pair) : ALPHANUMERIC.charAt(Math.floor(pair / 45)) + ALPHANUMERIC.charAt(pair % 45);
      }
    } else if (mode === 4) {
      for (let left = take(size === 0 ? 8 : 16); left > 0; left -= 1) segment += String.fromCharCode(take(8));
    } else throw new Error(`a segment has the mode ${mode}`);
    bytes = Buffer.concat([bytes, Buffer.from(segment, 'latin1')]);
  }
}

function numberIn(bits: readonly number[]): number {
  return bits.reduce((sum, bit) => 2 * sum + bit, 0);
}
