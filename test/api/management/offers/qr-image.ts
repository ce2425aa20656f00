import { inflateSync } from 'node:zlib';

/** A QR code's modules by row and column; true is dark. */
export type Modules = readonly (readonly boolean[])[];

const QUIET_ZONE = 4;

/** The modules of a QR code drawn as a PNG or SVG `data:` URI, four of them left light around it. */
export function modulesOf(dataUri: string): Modules {
  const [, type, data = ''] = /^data:(image\/png|image\/svg\+xml);base64,([A-Za-z0-9+/]+={0,2})$/.exec(dataUri) ?? [];
  if (type === undefined) throw new Error('this is no image as a data: URI');
  const bytes = Buffer.from(data, 'base64');
  const drawn = type === 'image/png' ? drawnInPng(bytes) : drawnInSvg(bytes.toString('utf8'));
  const isQuiet = (index: number) => index < QUIET_ZONE || index >= drawn.length - QUIET_ZONE;
  const modules = drawn.filter((_row, y) => !isQuiet(y)).map((row) => row.filter((_module, x) => !isQuiet(x)));
  const dark = (rows: Modules) => rows.flat().filter(Boolean).length;
  if (dark(drawn) !== dark(modules)) throw new Error('the quiet zone is not quiet');
  return modules;
}

/** Runs of dark modules in path commands: `M` to the row's first, `m` on to the next, `h` along one. */
function drawnInSvg(svg: string): Modules {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const path = /<path stroke="#000000" d="([^"]+)"/.exec(svg)?.[1] ?? '';
  const rows = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  let [x, y] = [0, 0];
  for (const [, command = '', first = '', second = ''] of path.matchAll(/([Mmh])([\d.]+)(?: ([\d.]+))?/g)) {
    if (command === 'M') [x, y] = [Number(first), Math.floor(Number(second))];
    else if (command === 'm') x += Number(first);
    else for (const end = x + Number(first); x < end; x += 1) (rows[y] ?? [])[x] = true;
  }
  return rows;
}

interface Png {
  readonly width: number;
  readonly height: number;
  /** Bytes of a pixel; the first of them is its red. */
  readonly channels: number;
  readonly pixels: Uint8Array;
}

function drawnInPng(bytes: Buffer): Modules {
  const { width, height, channels, pixels } = decodePng(bytes);
  const isDark = (x: number, y: number) => (pixels[(y * width + x) * channels] ?? 255) < 128;
  let start = 0;
  while (start < width && !isDark(start, start)) start += 1;
  // The quiet zone is four modules wide, and a finder pattern begins behind it.
  const scale = start / QUIET_ZONE;
  return Array.from({ length: height / scale }, (_, y) =>
    Array.from({ length: width / scale }, (_element, x) => isDark(Math.floor((x + 0.5) * scale), Math.floor((y + 0.5) * scale))),
  );
}

/** Pixels of a PNG of eight bits a channel (PNG 7, 9). */
function decodePng(bytes: Buffer): Png {
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const channels = { 0: 1, 2: 3, 4: 2, 6: 4 }[bytes[25] ?? -1];
  if (bytes[24] !== 8 || channels === undefined) throw new Error('the PNG has an unexpected pixel format');
  const stride = width * channels;
  const raw = inflateSync(Buffer.concat(data));
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let i = 0; i < stride; i += 1) {
      const left = i < channels ? 0 : (pixels[y * stride + i - channels] ?? 0);
      const up = y === 0 ? 0 : (pixels[(y - 1) * stride + i] ?? 0);
      const corner = i < channels || y === 0 ? 0 : (pixels[(y - 1) * stride + i - channels] ?? 0);
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      pixels[y * stride + i] = (raw[y * (stride + 1) + 1 + i] ?? 0) + predicted;
    }
  }
  return { width, height, channels, pixels };
}

function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
