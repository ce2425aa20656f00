import type { CertificateSignerDocument, DidRecordDocument, IacaDocument } from '../store/identity-documents.js';
import type { SigningKeyDocument } from '../store/documents.js';
import { activeKey } from './active-key.js';
import { openSigner, type KeyAccess } from './open-signer.js';
import { SignerError, type Signer, type SigningAlgorithm } from './signer.js';

/** A key of a DID that asserts. */
export interface AssertionSigner {
  readonly signer: Signer;
  readonly did: string;
  /** DID URL of the key: the `kid` of a JWT, the `verificationMethod` of a proof. */
  readonly verificationMethod: string;
}

/** What an issuer signs credentials and status lists with. Each signer is opened at its first use and kept. */
export interface CredentialSigners {
  /** Under the issuer's own root: SD-JWT VC. Chain in `certificateChain`. @throws {SignerError} */
  readonly x509: () => Signer;
  /** Likewise, for JWT status lists. @throws {SignerError} */
  readonly statusList: () => Signer;
  /**
   * A key of a DID, the issuer's did:web by default.
   *
   * @throws {SignerError} retryable, where the DID has no active key of that algorithm
   */
  readonly assertion: (algorithm: SigningAlgorithm, did?: string) => AssertionSigner;
  /**
   * The document signer to issue with: of those active under an active IACA, the one that ends last. Its certificate alone
   * is the chain.
   *
   * @param now milliseconds since the epoch
   * @throws {SignerError} retryable, where there is none
   */
  readonly documentSigner: (now: number) => Signer;
  /** The status-list signer of an IACA, whether that still issues or not. @throws {SignerError} */
  readonly mobileStatusSigner: (iacaId: string, now: number) => Signer;
}

/** Of an issuer snapshot: what signers are made of. */
export interface SignerRecords {
  readonly keys: readonly SigningKeyDocument[];
  readonly iacas: readonly IacaDocument[];
  readonly certificateSigners: readonly CertificateSignerDocument[];
  readonly dids: readonly DidRecordDocument[];
}

const ASSERTION = { ES256: 'assertion-es256', EdDSA: 'assertion-eddsa' } as const;

const derived = new WeakMap<readonly SigningKeyDocument[], CredentialSigners>();

/**
 * The signers of an issuer, made once per `keys` array (an issuer snapshot's: another change, another array).
 *
 * @param options.issuerDid the issuer's did:web
 */
export function credentialSigners({
  records,
  access,
  issuerDid,
}: {
  records: SignerRecords;
  access: KeyAccess;
  issuerDid: string;
}): CredentialSigners {
  const known = derived.get(records.keys);
  if (known !== undefined) return known;
  const opened = new Map<string, Signer>();
  const open = (document: SigningKeyDocument, certificateChain = document.certificateChain): Signer => {
    const signer = opened.get(document._id) ?? openSigner({ document, access, certificateChain });
    opened.set(document._id, signer);
    return signer;
  };
  const certified = (kind: CertificateSignerDocument['kind'], now: number, iacaId?: string): Signer => {
    const found = certifiedSigner(records, { kind, now, iacaId });
    const document = records.keys.find(({ _id }) => _id === found?.keyRef);
    if (found?.certificate === undefined || document === undefined)
      throw new SignerError(`there is no ${kind} in use under an active IACA`, { retryable: true });
    return open(document, [found.certificate]);
  };
  const signers: CredentialSigners = {
    x509: () => open(activeKey(records.keys, 'credential-signing')),
    statusList: () => open(activeKey(records.keys, 'status-list-signing')),
    assertion: (algorithm, did = issuerDid) => {
      if (did === issuerDid) {
        const signer = open(activeKey(records.keys, ASSERTION[algorithm]));
        return { signer, did, verificationMethod: `${did}#${signer.keyId}` };
      }
      const { document, verificationMethod } = recordedKey(records, did, algorithm);
      return { signer: open(document), did, verificationMethod };
    },
    documentSigner: (now) => certified('document-signer', now),
    mobileStatusSigner: (iacaId, now) => certified('mobile-status-signer', now, iacaId),
  };
  derived.set(records.keys, signers);
  return signers;
}

/**
 * The certified signer to use now: active, within its time, not revoked, under an active IACA; the one that ends last. The
 * lists of an IACA that is out of use go on as long as its certificate does: credentials in the field name them.
 */
export function certifiedSigner(
  { iacas, certificateSigners }: Pick<SignerRecords, 'iacas' | 'certificateSigners'>,
  { kind, now, iacaId }: { kind: CertificateSignerDocument['kind']; now: number; iacaId?: string | undefined },
): CertificateSignerDocument | undefined {
  const inUse = new Set(
    iacas
      .filter((iaca) => (iaca.active || iaca._id === iacaId) && iaca.notBefore <= now && now < iaca.notAfter)
      .map(({ _id }) => _id),
  );
  return certificateSigners
    .filter((signer) => signer.kind === kind && signer.active && signer.revokedAt === undefined)
    .filter((signer) => inUse.has(signer.iacaId) && (iacaId === undefined || signer.iacaId === iacaId))
    .filter(({ notBefore = Infinity, notAfter = 0 }) => notBefore <= now && now < notAfter)
    .sort((a, b) => (b.notAfter ?? 0) - (a.notAfter ?? 0))[0];
}

function recordedKey(
  { keys, dids }: SignerRecords,
  did: string,
  algorithm: SigningAlgorithm,
): { document: SigningKeyDocument; verificationMethod: string } {
  for (const { keyRef, verificationMethod } of dids.find((record) => record.did === did)?.keys ?? []) {
    const document = keys.find(({ _id, state }) => _id === keyRef && state === 'active');
    if (document?.algorithm === algorithm) return { document, verificationMethod };
  }
  throw new SignerError(`the DID has no active ${algorithm} key`, { retryable: true });
}
