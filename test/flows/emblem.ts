import { crc32, deflateSync } from 'node:zlib';

const SIZE = 48;
const COLOUR = [0x12, 0x42, 0x3f];

/** A round emblem as a PNG `data:` URI: wallets' libraries know no other images in one, SVG least of all. */
export function emblem(): string {
  const rows = Array.from({ length: SIZE }, (_, y) => [0, ...Array.from({ length: SIZE }, (__, x) => pixel(x, y)).flat()]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  // Eight bits each of red, green, blue and alpha.
  header.set([8, 6, 0, 0, 0], 8);
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.from(rows.flat()))), chunk('IEND', Buffer.alloc(0))];
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return `data:image/png;base64,${Buffer.concat([signature, ...chunks]).toString('base64')}`;
}

/** A ring, open at the right: a C. */
function pixel(x: number, y: number): number[] {
  const [dx, dy] = [x - SIZE / 2 + 0.5, y - SIZE / 2 + 0.5];
  const radius = Math.hypot(dx, dy);
  const isGap = dx > 0 && Math.abs(dy) < dx * 0.7;
  return [...COLOUR, radius < 23 && (radius > 14 ? !isGap : false) ? 255 : 0];
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
