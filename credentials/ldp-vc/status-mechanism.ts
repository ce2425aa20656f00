import type { WebSemanticConfigurationDocument } from '../../store/configuration-documents.js';
import type { StatusMechanism } from '../../store/status-documents.js';

/** How credentials name their status: with MATTR's suite as MATTR does, else by the W3C's standard. */
export function statusMechanism({ proofType }: Pick<WebSemanticConfigurationDocument, 'proofType'>): StatusMechanism {
  return proofType === 'Ed25519Signature2018' ? 'revocation-list-2020' : 'bitstring-status-list';
}
