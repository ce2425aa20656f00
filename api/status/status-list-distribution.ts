import { statusUris } from '../../credentials/status/status-uris.js';
import type { CredentialProfile } from '../../store/configuration-documents.js';
import type { StatusListDocument } from '../../store/status-documents.js';
import type { Endpoint } from '../wallet/endpoint.js';
import { published, sendDocument } from '../wallet/published-document.js';
import type { WalletServices } from '../wallet/services.js';

/** More lists than this are named by nobody: at 65,000 credentials a list. */
const MOST_LISTS = 10_000;

/**
 * `GET /v2/credentials/{profile}/status-lists/distribution`: where the lists are, in MATTR's form and that of a Status List
 * Aggregation (TSL-05). Lists that their root's end has left without a signer are left out.
 */
export function statusListDistribution(services: WalletServices, profile: CredentialProfile): Endpoint {
  return async (request, response) => {
    const uris = (await servedLists(services, profile)).map(
      (list) => statusUris({ issuerIdentifier: services.issuer.identifier, list }).uri,
    );
    sendDocument(request, response, published({ data: uris.map((uri) => ({ status_lists: { uri } })), status_lists: uris }));
  };
}

/** `GET /v2/credentials/{profile}/revocation-lists`: the same for lists that credentials of the profile name. */
export function revocationListIndex(services: WalletServices, profile: CredentialProfile): Endpoint {
  return async (request, response) => {
    const data = (await servedLists(services, profile)).map((list) => ({
      id: list._id,
      uri: statusUris({ issuerIdentifier: services.issuer.identifier, list }).uri,
    }));
    sendDocument(request, response, published({ data }));
  };
}

async function servedLists({ context, issuer }: WalletServices, profile: CredentialProfile): Promise<StatusListDocument[]> {
  const { iacas } = await context.directory.get(issuer.id);
  const ended = new Set(iacas.filter(({ notAfter }) => notAfter <= context.now()).map(({ _id }) => _id));
  const lists = await context.db.statusLists
    .find({ issuerId: issuer.id, profile })
    .sort({ createdAt: 1, _id: 1 })
    .limit(MOST_LISTS)
    .toArray();
  return lists.filter(({ iacaId }) => iacaId === undefined || !ended.has(iacaId));
}
