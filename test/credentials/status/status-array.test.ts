import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzipCompress, gzipDecompress, zlibCompress, zlibDecompress } from '../../../credentials/status/compression.js';
import { bitAt, packBitstring, packStatuses, statusAt } from '../../../credentials/status/status-array.js';
import type { StatusValue } from '../../../store/status-documents.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
const content = (values: readonly number[]) => ({
  size: values.length,
  changed: values.flatMap((status, index) => (status === 0 ? [] : [{ index, status: status as StatusValue }])),
});

/** The examples of Token Status List 4.1 and 4.2. */
const ONE_BIT = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];
const TWO_BITS = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3];

describe('the byte array of a Token Status List', () => {
  it('is that of the example with one bit an entry', () => {
    expect(hex(packStatuses(content(ONE_BIT), 1))).toBe('B9A3');
  });

  it('is that of the example with two bits an entry', () => {
    expect(hex(packStatuses(content(TWO_BITS), 2))).toBe('C944F9');
  });

  it.each([
    ['78dadbb918000217015d', 'B9A3', 1 as const, ONE_BIT],
    ['78da3be9f2130003df0207', 'C944F9', 2 as const, TWO_BITS],
  ])('compressed as in the example (%s) is read as its statuses', async (compressed, bytes, bits, statuses) => {
    const read = await zlibDecompress(Buffer.from(compressed, 'hex'));
    expect(hex(read)).toBe(bytes);
    expect(statuses.map((_, index) => statusAt(read, bits, index))).toEqual(statuses);
  });

  it('TSL-09 gives every entry its status and all others 0, whatever the statuses', () => {
    const entries = fc
      .integer({ min: 1, max: 500 })
      .chain((size) =>
        fc.tuple(
          fc.constant(size),
          fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const),
          fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }), { maxLength: 60 }),
        ),
      );
    fc.assert(
      fc.property(entries, ([size, bits, indices]) => {
        const changed = indices.map((index) => ({ index, status: (bits === 1 ? 1 : 1 + (index % 2)) as StatusValue }));
        const bytes = packStatuses({ size, changed }, bits);
        expect(bytes).toHaveLength(Math.ceil((size * bits) / 8));
        const expected = new Map(changed.map(({ index, status }) => [index, status]));
        for (let index = 0; index < size; index += 1) expect(statusAt(bytes, bits, index)).toBe(expected.get(index) ?? 0);
      }),
    );
  });

  it('refuses an index beyond the list, and a status that does not fit', () => {
    expect(() => packStatuses({ size: 8, changed: [{ index: 8, status: 1 }] }, 1)).toThrow(RangeError);
    expect(() => packStatuses({ size: 8, changed: [{ index: -1, status: 1 }] }, 1)).toThrow(RangeError);
    expect(() => packStatuses({ size: 8, changed: [{ index: 1, status: 2 }] }, 1)).toThrow(RangeError);
  });
});

describe('a bit string of the W3C lists', () => {
  const isRevoked = (status: StatusValue) => status === 1;

  it('has index 0 at the left-most bit', () => {
    const bytes = packBitstring({ size: 200_000, changed: [0, 9, 199_999].map((index) => ({ index, status: 1 })) }, isRevoked);
    expect(hex(bytes.subarray(0, 2))).toBe('8040');
    expect(hex(bytes.subarray(-1))).toBe('01');
    expect([0, 1, 9, 199_998, 199_999].map((index) => bitAt(bytes, index))).toEqual([true, false, true, false, true]);
  });

  it('has at least 16 kB, however small the list', () => {
    expect(packBitstring({ size: 4, changed: [] }, isRevoked)).toHaveLength(16_384);
  });

  it('shows the statuses of its purpose alone', () => {
    const changed = [
      { index: 1, status: 1 as const },
      { index: 2, status: 2 as const },
    ];
    const suspended = packBitstring({ size: 8, changed }, (status) => status === 2);
    expect([bitAt(suspended, 1), bitAt(suspended, 2)]).toEqual([false, true]);
  });
});

describe('compression', () => {
  it('is ZLIB for Token Status Lists, as an independent decoder reads it, and GZIP for bit strings', async () => {
    const bytes = packStatuses({ size: 1_048_576, changed: [{ index: 1_000_000, status: 1 }] }, 1);
    const zlib = await zlibCompress(bytes);
    expect(hex(zlib.subarray(0, 2))).toBe('78DA');
    expect(Buffer.compare(inflateSync(zlib), bytes)).toBe(0);
    const gzip = await gzipCompress(bytes);
    expect(hex(gzip.subarray(0, 2))).toBe('1F8B');
    expect(Buffer.compare(await gzipDecompress(gzip), bytes)).toBe(0);
  });

  it('is not read beyond what any list can be', async () => {
    await expect(zlibDecompress(await zlibCompress(new Uint8Array(5 * 1024 * 1024)))).rejects.toThrow();
  });
});
