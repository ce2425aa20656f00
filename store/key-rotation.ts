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
/** The root first: it signs the leaf. */
const PURPOSES: readonly KeyPurpose[] = ['root-certificate', 'credential-signing', 'access-token'];

export interface RotationTiming {
  /** How long the next key is published before it signs: as long as others cache a JWK set. Default one day. */
  readonly publishAheadMs?: number;
  /** How long a retired key stays published: at least as long as what it signed is accepted. Default two days. */
  readonly retainMs?: number;
}

/**
 * Gives the issuer its first keys: root, credential-signing leaf, access-token key. Safe to repeat and to run in several
 * processes at once. Where the issuer's identifier has changed since, its leaf is replaced at once.
 *
 * @throws {UnknownIssuerError}
 */
export async function ensureSigningKeys(scope: KeyScope): Promise<void> {
  const existing = await readSigningKeys(scope);
  const absent = PURPOSES.filter((purpose) => !existing.some((key) => key.purpose === purpose));
  for (const purpose of absent) await addSigningKey(scope, { purpose, generation: 1, state: 'active' });
  if (absent.length > 0) await scope.directory.changed(scope.issuerId);

  const leaf = existing.find(({ purpose, state }) => purpose === 'credential-signing' && state === 'active');
  if (leaf !== undefined && !readCertificate(leaf.certificateChain[0] ?? '').uris.includes(scope.identifier)) {
    await addSigningKey(scope, { purpose: leaf.purpose, generation: leaf.generation + 1, state: 'published' });
    await advanceRotation({ ...scope, purpose: leaf.purpose, publishAheadMs: 0 });
  }
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
 */
export async function rotateDueKeys(options: KeyScope & RotationTiming & { readonly maximumAgeDays: number }): Promise<void> {
  const { directory, issuerId, now, maximumAgeDays } = options;
  if (await rewrapSigningKeys(options)) await directory.changed(issuerId);
  for (const purpose of PURPOSES) {
    await advanceRotation({ ...options, purpose });
    const inUse = (await readSigningKeys(options, purpose)).filter(({ state }) => state !== 'retired');
    const [key] = inUse;
    if (inUse.length === 1 && key !== undefined && isDue(key, { now, maximumAgeDays }))
      await rotateSigningKey({ ...options, purpose });
  }
}

function isDue(key: SigningKeyDocument, { now, maximumAgeDays }: { now: number; maximumAgeDays: number }): boolean {
  const old = now - key.createdAt.getTime() >= maximumAgeDays * DAY_MS;
  switch (key.purpose) {
    case 'access-token':
      return old;
    case 'credential-signing':
      return old || certificateEnd(key) - now < LEAF_RENEWAL_MS;
    case 'root-certificate':
      // Verifiers trust a root by its certificate: it changes as seldom as it can.
      return certificateEnd(key) - now < ROOT_RENEWAL_MS;
  }
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
    changes += (await db.signingKeys.updateOne({ _id, state }, { $set: { state: 'retired', retiredAt: new Date(now) } }))
      .modifiedCount;
  }
  for (const key of keys) {
    if (key.state !== 'retired' || now < neededUntil(key, retainMs)) continue;
    changes += (await db.signingKeys.deleteOne({ _id: key._id, state: 'retired' })).deletedCount;
  }
  if (changes > 0) await directory.changed(issuerId);
}

/** What a certified key signed is accepted as long as its certificate is. */
function neededUntil(key: SigningKeyDocument, retainMs: number): number {
  const end = key.purpose === 'access-token' ? (key.retiredAt ?? key.createdAt).getTime() : certificateEnd(key);
  return end + retainMs;
}

function certificateEnd({ certificateChain }: SigningKeyDocument): number {
  return readCertificate(certificateChain[0] ?? '').notAfter;
}
