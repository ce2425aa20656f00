import { createLeafCertificate, createRootCertificate } from '../keys/certificates.js';
import { activeKey } from '../keys/active-key.js';
import type { KeyEncryptionRing } from '../keys/key-encryption.js';
import type { KeyStores } from '../keys/key-store.js';
import { openSigner } from '../keys/open-signer.js';
import type { Signer } from '../keys/signer.js';
import { createSigningKey } from '../keys/signing-key.js';
import { isDuplicateKey, type Database } from './database.js';
import type { IssuerDocument, KeyPurpose, KeyState, SigningKeyDocument } from './documents.js';
import { UnknownIssuerError, type IssuerDirectory } from './issuer-directory.js';

/** Whose keys, and what they are made of. */
export interface KeyScope {
  readonly db: Database;
  readonly directory: IssuerDirectory;
  readonly ring: KeyEncryptionRing;
  /** Absent where every key is here. */
  readonly stores?: KeyStores;
  readonly issuerId: string;
  /** Host name of the issuer, for its certificates. */
  readonly host: string;
  /** The credential issuer identifier, likewise. */
  readonly identifier: string;
  /** The extended key usage of status-list signers, an OID (TSL-06); absent for none. */
  readonly statusSigningUsage?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** All keys of the issuer, or of one purpose, the newest generation first. */
export async function readSigningKeys(
  { db, issuerId }: Pick<KeyScope, 'db' | 'issuerId'>,
  purpose?: KeyPurpose,
): Promise<SigningKeyDocument[]> {
  const keys = await db.signingKeys.find({ issuerId }).toArray();
  return keys.filter((key) => purpose === undefined || key.purpose === purpose).sort((a, b) => b.generation - a.generation);
}

/**
 * Makes the key of a generation. Where somebody else made it first, theirs stands.
 *
 * @throws {UnknownIssuerError}
 * @throws {SignerError} for a leaf where the issuer has no usable root
 */
export async function addSigningKey(
  scope: KeyScope,
  { purpose, generation, state }: { purpose: KeyPurpose; generation: number; state: KeyState },
): Promise<void> {
  const { db, ring, stores, issuerId, now } = scope;
  const issuer = await db.issuers.findOne({ _id: issuerId });
  if (issuer === null) throw new UnknownIssuerError(`there is no issuer ${issuerId}`);
  const certificate = await certificateMaker(scope, purpose, issuer);
  const document = await createSigningKey({
    issuerId,
    purpose,
    generation,
    algorithm: purpose === 'assertion-eddsa' ? 'EdDSA' : 'ES256',
    state,
    ring,
    store: stores?.forPurpose(purpose),
    now,
    ...(certificate === undefined ? {} : { certificate }),
  });
  try {
    await db.signingKeys.insertOne(document);
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

type CertificateMaker = (key: Signer) => Promise<readonly string[]>;

async function certificateMaker(
  scope: KeyScope,
  purpose: KeyPurpose,
  issuer: IssuerDocument,
): Promise<CertificateMaker | undefined> {
  const { host, identifier, statusSigningUsage, now } = scope;
  const subject = { issuerName: issuer.name, country: issuer.country };
  if (purpose === 'root-certificate') return async (signer) => [await createRootCertificate({ signer, ...subject, now })];
  if (purpose !== 'credential-signing' && purpose !== 'status-list-signing') return undefined;
  const document = activeKey(await readSigningKeys(scope), 'root-certificate');
  const root = { signer: openSigner({ document, access: scope }), certificate: document.certificateChain[0] ?? '' };
  const extendedUsage = purpose === 'status-list-signing' ? statusSigningUsage : undefined;
  return async ({ publicJwk }) => [
    await createLeafCertificate({ root, publicJwk, ...subject, host, identifier, extendedUsage, now }),
  ];
}
