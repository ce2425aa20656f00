import type { MultikeyLibrary } from '@digitalbazaar/ed25519-multikey';

/** The library by which Data Integrity suites read keys of a curve. */
export function multikeyLibrary(crv: string): Promise<MultikeyLibrary> {
  return crv === 'Ed25519' ? import('@digitalbazaar/ed25519-multikey') : import('@digitalbazaar/ecdsa-multikey');
}
