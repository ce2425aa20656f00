import { sealEnvelope } from '../../../keys/envelope.js';
import type { SignedDocument } from '../../../credentials/ldp-vc/sign-document.js';
import type { WebSemanticConfigurationDocument } from '../../../store/configuration-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import type { PlacedStatus } from '../../status/take-status.js';
import { directLedgerId } from '../compact-signing/enter-signed.js';
import type { WebSemanticSignRequest } from './web-semantic-sign.schema.js';

/** Enters a credential that was signed directly in the ledger: itself only where it is to be kept. */
export async function enterSigned(
  { db, ring, now }: ApiContext,
  {
    body: { payload, tag, persist },
    configuration,
    credentialId,
    keyId,
    credential,
    status,
  }: {
    body: WebSemanticSignRequest;
    configuration: WebSemanticConfigurationDocument;
    credentialId: string;
    keyId: string;
    credential: SignedDocument;
    status: PlacedStatus | undefined;
  },
): Promise<void> {
  const _id = directLedgerId(credentialId);
  const { issuanceDate, expirationDate } = payload;
  await db.issuedCredentials.insertOne({
    _id,
    issuerId: DEFAULT_ISSUER_ID,
    sessionId: '',
    configurationId: '',
    userId: '',
    credentialId,
    profile: 'web-semantic',
    type: configuration.type,
    count: 1,
    keyId,
    issuedAt: new Date(now()),
    ...(issuanceDate === undefined ? {} : { validFrom: new Date(issuanceDate) }),
    ...(expirationDate === undefined ? {} : { validUntil: new Date(expirationDate) }),
    ...(tag === undefined ? {} : { tag }),
    ...(status === undefined ? {} : { statuses: [status.entry], statusPolicy: { suspendable: false, revokeOn: [] } }),
    ...(persist ? { persist, sealed: sealEnvelope({ ring, value: [credential], context: _id }) } : {}),
  });
}
