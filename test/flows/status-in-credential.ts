import { gunzipSync, inflateSync } from 'node:zlib';
import { decode, type Tag } from 'cbor2';
import { base32 } from 'multiformats/bases/base32';
import { parseMdoc } from '../credentials/mso-mdoc/parsed-mdoc.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** A place in a status list, as the credential itself names it. */
export interface NamedStatus {
  readonly uri: string;
  readonly index: number;
}

/** Which bit of a list's bytes stands for an index. */
type IsSet = (bytes: Uint8Array, index: number) => boolean;

const leastFirst: IsSet = (bytes, index) => ((bytes[index >> 3]! >> (index & 7)) & 1) === 1;
const greatestFirst: IsSet = (bytes, index) => ((bytes[index >> 3]! >> (7 - (index & 7))) & 1) === 1;

/** The status that a credential of any format names, read without the issuer's code. */
export function statusIn(credential: unknown): NamedStatus {
  if (typeof credential !== 'string') return ofEntry((credential as JsonObject).credentialStatus);
  if (/^CS[CS]:\/1\//.test(credential)) return ofCwt(credential.slice('CSC:/1/'.length));
  const parts = credential.split('~')[0]!.split('.');
  if (parts.length === 1) return ofMdoc(credential);
  const payload = JSON.parse(Buffer.from(parts[1]!, 'base64url').toString()) as JsonObject;
  if (payload.vc !== undefined) return ofEntry((payload.vc as JsonObject).credentialStatus);
  const { status_list: list } = payload.status as { status_list: { uri: string; idx: number } };
  return { uri: list.uri, index: list.idx };
}

function ofEntry(entry: unknown): NamedStatus {
  const one = (Array.isArray(entry) ? entry[0] : entry) as Record<string, string>;
  return {
    uri: one.statusListCredential ?? one.revocationListCredential!,
    index: Number(one.statusListIndex ?? one.revocationListIndex),
  };
}

function ofMdoc(credential: string): NamedStatus {
  const status = parseMdoc(credential).mso.get('status') as Map<string, Map<string, unknown>>;
  const list = status.get('status_list')!;
  return { uri: list.get('uri') as string, index: list.get('idx') as number };
}

function ofCwt(encoded: string): NamedStatus {
  const claims = claimsOf(base32.baseDecode(encoded.toLowerCase()));
  const status = claims.get(-65_537) as Map<number, unknown>;
  return { uri: status.get(3) as string, index: status.get(2) as number };
}

function claimsOf(cwt: Uint8Array): Map<number, unknown> {
  const { contents } = decode<Tag>(cwt, { preferMap: true });
  return decode<Map<number, unknown>>((contents as Uint8Array[])[2]!, { preferMap: true });
}

/** Whether the list that is served says "revoked", in every form that the URI has. */
export async function isRevokedIn({ uri, index }: NamedStatus): Promise<boolean> {
  const answer = await fetch(uri);
  if (answer.status !== 200) throw new Error(`the status list answered ${String(answer.status)}`);
  const type = answer.headers.get('content-type')?.split(';')[0];
  const body = Buffer.from(await answer.arrayBuffer());
  switch (type) {
    case 'application/statuslist+jwt':
      return leastFirst(inflateSync(Buffer.from(listOf(jwtPayload(body)), 'base64url')), index);
    case 'application/statuslist+cwt':
    case 'application/cwt': {
      const list = claimsOf(body).get(65_533) as Map<string, Uint8Array>;
      return leastFirst(inflateSync(list.get('lst')!), index);
    }
    case undefined:
    default: {
      const text = body.toString();
      const credential = text.startsWith('{') ? (JSON.parse(text) as JsonObject) : jwtPayload(body);
      const { encodedList } = credential.credentialSubject as { encodedList: string };
      const bytes = encodedList.startsWith('u')
        ? gunzipSync(Buffer.from(encodedList.slice(1), 'base64url'))
        : inflateSync(Buffer.from(encodedList, 'base64'));
      return greatestFirst(bytes, index);
    }
  }
}

function listOf(payload: JsonObject): string {
  return (payload.status_list as { lst: string }).lst;
}

function jwtPayload(jwt: Buffer): JsonObject {
  return JSON.parse(Buffer.from(jwt.toString().split('.')[1]!, 'base64url').toString()) as JsonObject;
}
