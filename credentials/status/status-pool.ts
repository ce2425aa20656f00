import { certifiedSigner, type SignerRecords } from '../../keys/credential-signers.js';
import { SignerError } from '../../keys/signer.js';
import type { CredentialConfigurationDocument } from '../../store/configuration-documents.js';
import type { StatusListConfigurationDocument, StatusListDocument, StatusMechanism } from '../../store/status-documents.js';

/** What the lists have in common that take a credential's entry. */
export type StatusPool = Pick<
  StatusListDocument,
  'profile' | 'mechanism' | 'bits' | 'pool' | 'iacaId' | 'statusListConfigurationId' | 'issuerDid'
>;

/**
 * The pool of lists that a configuration's credentials get their entries from: of one format, one width, one signer. Lists
 * of mobile credentials belong to the root that the credential itself is signed under, and to the status-list configuration
 * of their document type.
 *
 * @param options.issuerDid the issuer's did:web
 * @param options.now milliseconds since the epoch
 * @throws {SignerError} retryable, where no root signs mobile credentials now
 */
export function statusPoolOf({
  configuration,
  mechanism,
  records,
  issuerDid,
  now,
}: {
  configuration: Pick<CredentialConfigurationDocument, 'profile' | 'type' | 'status'> & { readonly issuerDid?: string };
  mechanism: StatusMechanism;
  records: Pick<SignerRecords, 'iacas' | 'certificateSigners'> & {
    readonly statusListConfigurations: readonly StatusListConfigurationDocument[];
  };
  issuerDid: string;
  now: number;
}): StatusPool {
  const { profile, status } = configuration;
  const canSuspend = mechanism === 'token-status-list' || mechanism === 'bitstring-status-list';
  const bits = canSuspend && status?.suspendable === true ? 2 : 1;
  const common = { profile, mechanism, bits } as const;
  if (profile === 'mobile') {
    const iacaId = certifiedSigner(records, { kind: 'document-signer', now })?.iacaId;
    if (iacaId === undefined)
      throw new SignerError('there is no document signer in use under an active IACA', { retryable: true });
    const own = records.statusListConfigurations.find(({ docType }) => docType === configuration.type)?._id;
    return {
      ...common,
      pool: poolName(profile, mechanism, bits, iacaId, own ?? ''),
      iacaId,
      ...(own === undefined ? {} : { statusListConfigurationId: own }),
    };
  }
  if (mechanism === 'token-status-list') return { ...common, pool: poolName(profile, mechanism, bits) };
  const did = configuration.issuerDid ?? issuerDid;
  return { ...common, pool: poolName(profile, mechanism, bits, did), issuerDid: did };
}

function poolName(...parts: readonly (string | number)[]): string {
  return parts.join('/');
}
