import type { WalletClientDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { WalletClientRequest, WalletClientView } from './wallet-client.schema.js';

/** What a request does not say of the record it describes. */
interface Identity {
  readonly recordId: string;
  readonly clientId: string;
  readonly secretHash: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The record that a request describes. */
export function toDocument(
  { name, redirectUris, tokenEndpointAuthMethod, jwks, grantTypes }: Omit<WalletClientRequest, 'clientId'>,
  { recordId, clientId, secretHash, createdAt, updatedAt }: Identity,
): WalletClientDocument {
  return {
    _id: `${DEFAULT_ISSUER_ID}/${clientId}`,
    issuerId: DEFAULT_ISSUER_ID,
    recordId,
    clientId,
    name,
    redirectUris,
    tokenEndpointAuthMethod,
    ...(secretHash === undefined ? {} : { secretHash }),
    ...(jwks === undefined ? {} : { jwks }),
    grantTypes,
    createdAt,
    updatedAt,
  };
}

/** The record as the API shows it: never its secret, nor the hash of it. */
export function toView(document: WalletClientDocument): WalletClientView {
  const { recordId, clientId, name, redirectUris, tokenEndpointAuthMethod, jwks, grantTypes } = document;
  return {
    id: recordId,
    clientId,
    name,
    redirectUris: [...redirectUris],
    tokenEndpointAuthMethod,
    ...(jwks === undefined ? {} : { jwks: jwks as WalletClientView['jwks'] & object }),
    grantTypes: [...grantTypes],
  };
}

/** @throws {ManagementError} 404 */
export async function requireWalletClient({ db }: ApiContext, recordId: string): Promise<WalletClientDocument> {
  const document = await db.walletClients.findOne({ issuerId: DEFAULT_ISSUER_ID, recordId });
  if (document === null) throw ManagementError.notFound('id', recordId);
  return document;
}
