import { Tag } from 'cbor2';
import type { StatusReference } from '../credential-format.js';
import { TDATE, toCbor, type CborValue } from './cbor.js';
import { tdate } from './dates.js';
import type { SignedItem } from './signed-items.js';
import type { MobileValidity } from './validity.js';

/** The mobile security object (MDC-03), encoded. */
export function securityObject({
  docType,
  items,
  deviceKey,
  validity: { signed, validFrom, validUntil },
  status,
}: {
  docType: string;
  items: readonly SignedItem[];
  deviceKey: ReadonlyMap<number, number | Uint8Array>;
  validity: MobileValidity;
  status: StatusReference | undefined;
}): Uint8Array {
  const time = (seconds: number) => new Tag(TDATE, tdate(seconds));
  return toCbor(
    new Map<string, CborValue>([
      ['version', '1.0'],
      ['digestAlgorithm', 'SHA-256'],
      ['valueDigests', valueDigests(items)],
      ['deviceKeyInfo', new Map([['deviceKey', deviceKey]])],
      ['docType', docType],
      [
        'validityInfo',
        new Map([
          ['signed', time(signed)],
          ['validFrom', time(validFrom)],
          ['validUntil', time(validUntil)],
        ]),
      ],
      ...(status === undefined ? [] : [['status', statusOf(status)] as const]),
    ]),
  );
}

function valueDigests(items: readonly SignedItem[]): CborValue {
  const byNamespace = new Map<string, Map<number, Uint8Array>>();
  for (const { namespace, digestId, digest } of items) {
    const digests = byNamespace.get(namespace) ?? new Map<number, Uint8Array>();
    byNamespace.set(namespace, digests.set(digestId, digest));
  }
  return byNamespace;
}

/** MDC-12, and Token Status List 6.3. */
function statusOf({ index, uri }: StatusReference): CborValue {
  return new Map([
    [
      'status_list',
      new Map<string, CborValue>([
        ['idx', index],
        ['uri', uri],
      ]),
    ],
  ]);
}
