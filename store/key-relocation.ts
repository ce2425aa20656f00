import { ROTATED_PURPOSES } from './key-rotation.js';
import { addSigningKey, readSigningKeys, type KeyScope } from './signing-keys.js';

/**
 * Begins the rotation of keys that are not in the key store configured for them: the next one is made there, and published.
 * It comes into use as in every rotation, when it has been published long enough. A purpose for which no store is
 * configured is left alone: a key in a store is not followed by one here before its time, because a setting was forgotten.
 *
 * Safe to repeat and to run in several processes at once.
 *
 * @throws {SignerError} where the store makes none now; what was begun stands
 */
export async function relocateSigningKeys(scope: KeyScope): Promise<void> {
  const keys = await readSigningKeys(scope);
  for (const purpose of ROTATED_PURPOSES) {
    const store = scope.stores?.forPurpose(purpose)?.name;
    const newest = keys.find((key) => key.purpose === purpose);
    if (store === undefined || newest === undefined || newest.remote?.store === store) continue;
    await addSigningKey(scope, { purpose, generation: newest.generation + 1, state: 'published' });
    await scope.directory.changed(scope.issuerId);
  }
}
