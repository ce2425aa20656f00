import { decode, type Tag } from 'cbor2';

type Map_ = Map<unknown, unknown>;

/** An mdoc taken apart with a CBOR library alone; tags stay tags. */
export interface ParsedMdoc {
  readonly nameSpaces: ReadonlyMap<string, readonly Tag[]>;
  readonly items: readonly { readonly namespace: string; readonly tagged: Tag; readonly item: ReadonlyMap<string, unknown> }[];
  readonly issuerAuth: readonly [Uint8Array, ReadonlyMap<number, unknown>, Uint8Array, Uint8Array];
  readonly protectedHeader: Map_;
  /** The bytes of the MSO, without the tag that embeds them. */
  readonly msoBytes: Uint8Array;
  readonly mso: Map_;
}

export function parseMdoc(credential: string): ParsedMdoc {
  const root = read(new Uint8Array(Buffer.from(credential, 'base64url'))) as Map_;
  const nameSpaces = root.get('nameSpaces') as ParsedMdoc['nameSpaces'];
  const issuerAuth = root.get('issuerAuth') as ParsedMdoc['issuerAuth'];
  const payload = read(issuerAuth[2]) as Tag;
  const items = [...nameSpaces].flatMap(([namespace, tagged]) =>
    tagged.map((tag) => ({ namespace, tagged: tag, item: read(tag.contents as Uint8Array) as Map<string, unknown> })),
  );
  const msoBytes = payload.contents as Uint8Array;
  return {
    nameSpaces,
    items,
    issuerAuth,
    protectedHeader: read(issuerAuth[0]) as Map_,
    msoBytes,
    mso: read(msoBytes) as Map_,
  };
}

function read(bytes: Uint8Array): unknown {
  return decode(bytes, { ignoreGlobalTags: true, preferMap: true });
}
