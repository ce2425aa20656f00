import { readSigningKeys, type KeyScope } from './signing-keys.js';

/**
 * Wraps every private key that an earlier key-encryption key wraps with the current one, so that the earlier one can be
 * taken out of the ring.
 *
 * @returns whether any key changed
 */
export async function rewrapSigningKeys(scope: KeyScope): Promise<boolean> {
  const { db, ring } = scope;
  const [current] = ring.keyNames;
  let changed = false;
  for (const { _id, keyId, privateKey } of await readSigningKeys(scope)) {
    if (privateKey === undefined || privateKey.kek === current || !ring.keyNames.includes(privateKey.kek)) continue;
    const secret = ring.unwrap(privateKey, keyId);
    const rewrapped = ring.wrap(secret, keyId);
    secret.fill(0);
    const { modifiedCount } = await db.signingKeys.updateOne(
      { _id, 'privateKey.data': privateKey.data },
      { $set: { privateKey: rewrapped } },
    );
    changed ||= modifiedCount === 1;
  }
  return changed;
}
