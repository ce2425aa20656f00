import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** About 16 MB and 50 ms on one core. */
const COST = { N: 16_384, r: 8, p: 1 };

/** Hash of a client secret with a fresh salt, `<salt>.<hash>` in base64url. */
export async function hashClientSecret(secret: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return `${salt.toString('base64url')}.${(await derive(secret, salt)).toString('base64url')}`;
}

/** Whether the secret is the one the hash was made of. */
export async function isClientSecret(secret: string, secretHash: string): Promise<boolean> {
  const [salt = '', hash = ''] = secretHash.split('.');
  const expected = Buffer.from(hash, 'base64url');
  const given = await derive(secret, Buffer.from(salt, 'base64url'));
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** A hash that no secret fits, so that an unknown client takes as long to refuse as a wrong secret. */
export const UNMATCHABLE_SECRET_HASH = `${Buffer.alloc(SALT_BYTES).toString('base64url')}.${Buffer.alloc(HASH_BYTES).toString('base64url')}`;

function derive(secret: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, HASH_BYTES, COST, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
