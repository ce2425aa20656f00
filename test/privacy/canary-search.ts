import { randomBytes } from 'node:crypto';

/** Where a value that must be nowhere was found. */
export interface Sighting {
  /** Which value. */
  readonly value: string;
  /** In which form. */
  readonly as: string;
  readonly around: string;
}

interface Form {
  readonly as: string;
  readonly bytes: Buffer;
}

/**
 * Values that are recognised wherever they turn up, and the search for them: in clear, and as base64, base64url, hex and UTF-16.
 * All seeded values share one mark, so that a part of one is found as well.
 */
export class CanarySearch {
  readonly mark = `canary${randomBytes(9).toString('hex')}`;
  readonly #values = new Map<string, readonly Form[]>();

  constructor() {
    this.add('seeded value', this.mark);
  }

  /** A value to seed, of visible ASCII characters. */
  seed(name: string): string {
    return `${this.mark}-${name}`;
  }

  /** Looks for this value, too: one that the system made. */
  add(name: string, value: string): void {
    this.#values.set(name, formsOf(value));
  }

  sightings(place: Uint8Array | string): readonly Sighting[] {
    const bytes = Buffer.from(place as Uint8Array);
    return [...this.#values].flatMap(([value, forms]) =>
      forms.flatMap(({ as, bytes: sought }) => {
        const at = bytes.indexOf(sought);
        return at === -1 ? [] : [{ value, as, around: excerpt(bytes, at) }];
      }),
    );
  }
}

function formsOf(value: string): readonly Form[] {
  const plain = Buffer.from(value);
  const utf16 = Buffer.from(value, 'utf16le');
  const forms = [
    { as: 'UTF-8', bytes: plain },
    { as: 'hex', bytes: Buffer.from(plain.toString('hex')) },
    { as: 'HEX', bytes: Buffer.from(plain.toString('hex').toUpperCase()) },
    { as: 'UTF-16LE', bytes: utf16 },
    { as: 'UTF-16BE', bytes: Buffer.from(utf16).swap16() },
  ];
  for (const encoding of ['base64', 'base64url'] as const) {
    for (const offset of [0, 1, 2]) forms.push({ as: encoding, bytes: Buffer.from(withinBase64(plain, { encoding, offset })) });
  }
  return forms;
}

/** What base64 of a longer text has of the value, whatever stands before (`offset` bytes, modulo three) and after it. */
function withinBase64(plain: Buffer, { encoding, offset }: { encoding: 'base64' | 'base64url'; offset: number }): string {
  const text = Buffer.concat([Buffer.alloc(offset), plain])
    .toString(encoding)
    .replaceAll('=', '');
  const isWhole = (offset + plain.length) % 3 === 0;
  return text.slice(offset === 0 ? 0 : offset + 1, isWhole ? undefined : -1);
}

function excerpt(bytes: Buffer, at: number): string {
  return bytes
    .subarray(Math.max(0, at - 80), at + 120)
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]/g, '.');
}
