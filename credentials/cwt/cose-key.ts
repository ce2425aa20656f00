/** COSE key type, and the bytes of a coordinate, by JWK curve (RFC 9053 7.1). */
const CURVES: ReadonlyMap<string, { readonly kty: 1 | 2; readonly crv: number; readonly bytes: number }> = new Map([
  ['P-256', { kty: 2, crv: 1, bytes: 32 }],
  ['P-384', { kty: 2, crv: 2, bytes: 48 }],
  ['Ed25519', { kty: 1, crv: 6, bytes: 32 }],
]);

/**
 * A bare public JWK as a COSE_Key (RFC 9053 7): key type 1, then curve and coordinates.
 *
 * @throws {TypeError} for a curve that wallets' proofs are not signed with, or coordinates that are none
 */
export function coseKeyOf(jwk: Readonly<Record<string, string>>): Map<number, number | Uint8Array> {
  const curve = CURVES.get(jwk.crv ?? '');
  if (curve === undefined) throw new TypeError('the JWK is of no curve that has a COSE_Key here');
  const coordinate = (text: string | undefined): Uint8Array => {
    const bytes = Buffer.from(text ?? '', 'base64url');
    if (bytes.length !== curve.bytes) throw new TypeError('a coordinate of the JWK is of another length than its curve');
    return new Uint8Array(bytes);
  };
  const key = new Map<number, number | Uint8Array>([
    [1, curve.kty],
    [-1, curve.crv],
    [-2, coordinate(jwk.x)],
  ]);
  return curve.kty === 2 ? key.set(-3, coordinate(jwk.y)) : key;
}

/** The public JWK of a COSE_Key as `coseKeyOf` makes it; `undefined` for anything else. */
export function jwkOfCoseKey(key: unknown): Record<string, string> | undefined {
  if (!(key instanceof Map)) return undefined;
  const [crv, curve] = [...CURVES].find(([, { kty, crv: id }]) => key.get(1) === kty && key.get(-1) === id) ?? [];
  if (crv === undefined || curve === undefined || key.size !== (curve.kty === 2 ? 4 : 3)) return undefined;
  const coordinates = (curve.kty === 2 ? [-2, -3] : [-2]).map((label) => key.get(label) as unknown);
  const [x, y] = coordinates.map((bytes) => (isOfLength(bytes, curve.bytes) ? Buffer.from(bytes).toString('base64url') : ''));
  if (x === undefined || x === '' || y === '') return undefined;
  return y === undefined ? { kty: 'OKP', crv, x } : { kty: 'EC', crv, x, y };
}

function isOfLength(bytes: unknown, length: number): bytes is Uint8Array {
  return bytes instanceof Uint8Array && bytes.length === length;
}
