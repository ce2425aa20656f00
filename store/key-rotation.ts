import { readCertificate } from '../keys/certificates.js';
import type { KeyPurpose, SigningKeyDocument } from './documents.js';
import { rewrapSigningKeys } from './key-rewrapping.js';
import { addSigningKey, readSigningKeys, type KeyScope } from './signing-keys.js';

const DAY_MS = 86_400_000;
const DEFAULT_PUBLISH_AHEAD_MS = DAY_MS;
const DEFAULT_RETAIN_MS = 2 * DAY_MS;
/** A leaf is renewed this long before its end, since credentials end with it at the latest. */
const LEAF_RENEWAL_MS = 90 * DAY_MS;
/** A root likewise, for the sake of its leaves: two whole lives of a leaf. */
const ROOT_RENEWAL_MS = 2 * 457 * DAY_MS;
/** What keys the issuer has that are rotated; the root first: it signs the leaves. */
export const ROTATED_PURPOSES = [
  'root-certificate',
  'credential-signing',
  'access-token',
  'status-list-signing',
  'assertion-es256',
  'assertion-eddsa',
] as const satisfies readonly KeyPurpose[];
const LEAVES: readonly KeyPurpose[] = ['credential-signing', 'status-list-signing'];

export interface RotationTiming {
  /** How long the next key is published before it signs: as long as others cache a JWK set. Default one day. */
  readonly publishAheadMs?: number;
  /** How long a retired key stays published: at least as long as what it signed is accepted. Default two days. */
  readonly retainMs?: number;
}

/**
 * Gives the issuer its first keys: root, leaves, access-token and assertion keys. Safe to repeat and to run in several
 * processes at once. Where the issuer's identifier has changed since, its leaves are replaced at once.
 *
 * @throws {UnknownIssuerError}
 */
export async function ensureSigningKeys(scope: KeyScope): Promise<void> {
  const existing = await readSigningKeys(scope);
  const absent = ROTATED_PURPOSES.filter((purpose) => !existing.some((key) => key.purpose === purpose));
  for (const purpose of absent) await addSigningKey(scope, { purpose, generation: 1, state: 'active' });
  if (absent.length > 0) await scope.directory.changed(scope.issuerId);

  for (const purpose of LEAVES) await renameLeaf(scope, { purpose, keys: existing.filter((key) => key.purpose === purpose) });
}

/**
 * Replaces a leaf that is not for the issuer's identifier.
 *
 * @param options.keys of the purpose, the newest generation first
 */
async function renameLeaf(
  scope: KeyScope,
  { purpose, keys }: { purpose: KeyPurpose; keys: readonly SigningKeyDocument[] },
): Promise<void> {
  const isOurs = ({ certificateChain }: SigningKeyDocument) =>
    readCertificate(certificateChain[0] ?? '').uris.includes(scope.identifier);
  const [newest] = keys;
  const active = keys.find(({ state }) => state === 'active');
  if (newest === undefined || active === undefined || isOurs(active)) return;
  // The next key may be published already, and still be for the identifier before.
  if (!isOurs(newest)) await addSigningKey(scope, { purpose, generation: newest.generation + 1, state: 'published' });
  await advanceRotation({ ...scope, purpose, publishAheadMs: 0 });
}

/**
 * Begins the rotation of a key, or takes one that is under way as far as it can go now: publish the next key, activate
 * it when it has been published long enough, retire the old one, remove what was retired long ago. Each step stands for
 * itself, so a call after a crash goes on where the last one ended, and there is an active key at every moment.
 *
 * @throws {UnknownIssuerError}
 */
export async function rotateSigningKey(options: KeyScope & RotationTiming & { readonly purpose: KeyPurpose }): Promise<void> {
  const keys = await readSigningKeys(options, options.purpose);
  const inUse = keys.filter(({ state }) => state !== 'retired');
  if (inUse.length <= 1) {
    await addSigningKey(options, { purpose: options.purpose, generation: (keys[0]?.generation ?? 0) + 1, state: 'published' });
    await options.directory.changed(options.issuerId);
  }
  await advanceRotation(options);
}

/**
 * Takes rotations further and begins those that are due: keys older than `maximumAgeDays`, and certificates near their
 * end. Meant to be called now and then, by any number of processes.
 *
 * @throws what kept a key from being rotated, once all the others have had their turn
 */
export async function rotateDueKeys(options: KeyScope & RotationTiming & { readonly maximumAgeDays: number }): Promise<void> {
  const { directory, issuerId } = options;
  if (await rewrapSigningKeys(options)) await directory.changed(issuerId);
  const faults: unknown[] = [];
  for (const purpose of ROTATED_PURPOSES) {
    // The key store of one purpose may be away.
    await rotateWhenDue({ ...options, purpose }).catch((error: unknown) => faults.push(error));
  }
  if (faults.length > 0) throw faults[0];
}

async function rotateWhenDue(
  options: KeyScope & RotationTiming & { readonly maximumAgeDays: number; readonly purpose: KeyPurpose },
): Promise<void> {
  await advanceRotation(options);
  const [key, ...others] = (await readSigningKeys(options, options.purpose)).filter(({ state }) => state !== 'retired');
  if (key !== undefined && others.length === 0 && isDue(key, options)) await rotateSigningKey(options);
}

function isDue(key: SigningKeyDocument, { now, maximumAgeDays }: { now: number; maximumAgeDays: number }): boolean {
  const old = now - key.createdAt.getTime() >= maximumAgeDays * DAY_MS;
  // Verifiers trust a root by its certificate: it changes as seldom as it can.
  if (key.purpose === 'root-certificate') return certificateEnd(key) - now < ROOT_RENEWAL_MS;
  return old || (LEAVES.includes(key.purpose) && certificateEnd(key) - now < LEAF_RENEWAL_MS);
}

async function advanceRotation(options: KeyScope & RotationTiming & { readonly purpose: KeyPurpose }): Promise<void> {
  const {
    db,
    directory,
    issuerId,
    purpose,
    now,
    publishAheadMs = DEFAULT_PUBLISH_AHEAD_MS,
    retainMs = DEFAULT_RETAIN_MS,
  } = options;
  const keys = await readSigningKeys(options, purpose);
  let changes = 0;

  const inUse = keys.find(({ state }) => state === 'active');
  const [newest] = keys;
  const next = newest?.state === 'published' && now - newest.createdAt.getTime() >= publishAheadMs ? newest : undefined;
  const active = next ?? inUse;
  if (next !== undefined) {
    changes += (await db.signingKeys.updateOne({ _id: next._id, state: 'published' }, { $set: { state: 'active' } }))
      .modifiedCount;
  }
  for (const { _id, state, generation } of keys) {
    if (active === undefined || state === 'retired' || generation >= active.generation) continue;
    // Nothing is to be signed with it any more, so nobody shall be able to.
    const retired = { $set: { state: 'retired' as const, retiredAt: new Date(now) }, $unset: { privateKey: true as const } };
    changes += (await db.signingKeys.updateOne({ _id, state }, retired)).modifiedCount;
  }
  for (const key of keys) {
    if (key.state !== 'retired') continue;
    if (now >= neededUntil(key, retainMs))
      changes += (await db.signingKeys.deleteOne({ _id: key._id, state: 'retired' })).deletedCount;
    else if (key.privateKey !== undefined)
      changes += (await db.signingKeys.updateOne({ _id: key._id, state: 'retired' }, { $unset: { privateKey: true } }))
        .modifiedCount;
  }
  if (changes > 0) await directory.changed(issuerId);
}

/** What a certified key signed is accepted as long as its certificate is; what a DID's key signed, as long as its document names the key. */
function neededUntil(key: SigningKeyDocument, retainMs: number): number {
  if (key.purpose === 'access-token') return (key.retiredAt ?? key.createdAt).getTime() + retainMs;
  return key.certificateChain.length === 0 ? Infinity : certificateEnd(key) + retainMs;
}

function certificateEnd({ certificateChain }: SigningKeyDocument): number {
  return readCertificate(certificateChain[0] ?? '').notAfter;
}
