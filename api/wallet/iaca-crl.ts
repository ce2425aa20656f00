import { ManagementError } from '../http/errors.js';
import type { Endpoint } from './endpoint.js';
import { sendFile } from './iaca-file.js';
import type { WalletServices } from './services.js';

/** Where the certificates of managed IACAs say that it is (`crlUrl`, store/certificate-signers.ts). */
export const CRL_PATH = '/v2/credentials/mobile/iacas/:id/crl';

/**
 * The revocation list of a managed IACA, active or not, as it is on record: DER, since that is what a distribution point
 * holds (RFC 5280 4.2.1.13). An outside root's list is at its own authority.
 */
export function iacaCrl({ context, issuer }: WalletServices): Endpoint {
  return async (request, response) => {
    const { iacas } = await context.directory.get(issuer.id);
    const crl = iacas.find(({ _id }) => _id === request.params.id)?.crl;
    if (crl === undefined) throw ManagementError.notFound();
    sendFile(request, response, { body: Buffer.from(crl.der, 'base64'), mediaType: 'application/pkix-crl' });
  };
}
