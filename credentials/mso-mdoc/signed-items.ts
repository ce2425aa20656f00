import { createHash } from 'node:crypto';
import { Tag } from 'cbor2';
import { EMBEDDED_CBOR, toCbor, type CborValue } from './cbor.js';

const RANDOM_BYTES = 32;

/** One element with its value. */
export interface ElementValue {
  readonly namespace: string;
  readonly element: string;
  readonly value: CborValue;
}

/** An `IssuerSignedItem` (ISO 18013-5 9.1.2.4), encoded for good. */
export interface SignedItem {
  readonly namespace: string;
  readonly element: string;
  readonly digestId: number;
  /** CBOR, to be embedded byte for byte. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the embedded bytes, their tag included (MDC-02). */
  readonly digest: Uint8Array;
}

/**
 * The items of an mdoc (MDC-01). Their digest ids are in random order, so that those shown tell nothing of others.
 *
 * @param options.random gives that many random bytes
 */
export function signedItems({
  elements,
  random,
}: {
  elements: readonly ElementValue[];
  random: (bytes: number) => Uint8Array;
}): SignedItem[] {
  const ids = digestIds(elements, random);
  return elements.map((entry) => {
    const { namespace, element, value } = entry;
    const digestId = ids.get(entry) ?? 0;
    const bytes = toCbor(
      new Map<string, CborValue>([
        ['digestID', digestId],
        ['random', new Uint8Array(random(RANDOM_BYTES))],
        ['elementIdentifier', element],
        ['elementValue', value],
      ]),
    );
    const digest = createHash('sha256')
      .update(toCbor(new Tag(EMBEDDED_CBOR, bytes)))
      .digest();
    return { namespace, element, digestId, bytes, digest: new Uint8Array(digest) };
  });
}

/** In each namespace from 0, in the order of as many random numbers. */
function digestIds(elements: readonly ElementValue[], random: (bytes: number) => Uint8Array): ReadonlyMap<ElementValue, number> {
  const shuffled = elements
    .map((entry) => ({ entry, position: Buffer.from(random(16)).toString('hex') }))
    .sort((a, b) => (a.position < b.position ? -1 : 1));
  const taken = new Map<string, number>();
  return new Map(
    shuffled.map(({ entry }) => {
      const id = taken.get(entry.namespace) ?? 0;
      taken.set(entry.namespace, id + 1);
      return [entry, id] as const;
    }),
  );
}
