import { randomUUID } from 'node:crypto';
import { createSigningKey } from '../../../../keys/signing-key.js';
import type { PublicJwk } from '../../../../keys/signer.js';
import { DEFAULT_ISSUER_ID, IssuerDirectory } from '../../../../store/issuer-directory.js';
import { ringOf } from '../../../flows/issuer-secrets.js';
import type { SharedSystem } from '../../../harness/use-system.js';

/** Gives the issuer a further DID with a key; other processes know it a second later. */
export async function newIssuerDid(system: SharedSystem, algorithm: 'ES256' | 'EdDSA' = 'ES256'): Promise<string> {
  const { db } = system;
  const recordId = randomUUID();
  const did = `did:web:${recordId}.example`;
  const common = { issuerId: DEFAULT_ISSUER_ID, purpose: 'did', generation: 1, state: 'active', now: Date.now() } as const;
  const key = await createSigningKey({ ...common, recordId, algorithm, ring: ringOf(system) });
  await db.signingKeys.insertOne(key);
  await db.dids.insertOne({
    _id: `${DEFAULT_ISSUER_ID}/${did}`,
    issuerId: DEFAULT_ISSUER_ID,
    did,
    method: 'web',
    keys: [{ keyRef: key._id, verificationMethod: `${did}#key-1` }],
    createdAt: new Date(),
  });
  await new IssuerDirectory({ db }).changed(DEFAULT_ISSUER_ID);
  return did;
}

/** Public key of the issuer's own did:web that signs with ES256 now. */
export async function assertionKey({ db }: Pick<SharedSystem, 'db'>): Promise<PublicJwk> {
  const keys = await db.signingKeys.find({ issuerId: DEFAULT_ISSUER_ID, purpose: 'assertion-es256', state: 'active' }).toArray();
  return keys.sort((a, b) => b.generation - a.generation)[0]!.publicJwk;
}
