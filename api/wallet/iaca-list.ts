import { toPem } from '../../keys/certificate-pem.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import type { Endpoint } from './endpoint.js';
import { sendFile } from './iaca-file.js';
import type { WalletServices } from './services.js';

/** Below the issuer's identifier: `mdoc_iacas_uri` of the issuer metadata. */
export const IACA_LIST_PATH = '/v1/openid/iacas';

const PEM = 'application/pem-certificate-chain';

/**
 * The certificates of the active IACAs, for whom trusts the issuer by its metadata (product.md 8.1, 11.1): in JSON, or in
 * PEM where `Accept` prefers that. `data` is MATTR's form, `iacas` (base64 DER) that of other verifiers.
 */
export function iacaList({ context, issuer }: WalletServices): Endpoint {
  return async (request, response) => {
    const certificates = listed(await context.directory.get(issuer.id), context.now());
    const mediaType = request.accepts('application/json', PEM) === PEM ? PEM : 'application/json';
    const pems = certificates.map((certificate) => toPem('CERTIFICATE', certificate));
    const content = {
      data: pems.map((certificatePem) => ({ certificatePem })),
      iacas: certificates.map((certificate) => ({ certificate })),
    };
    sendFile(request, response, { mediaType, body: mediaType === PEM ? pems.join('') : JSON.stringify(content) });
  };
}

/** Base64 DER. */
function listed({ iacas }: IssuerSnapshot, now: number): string[] {
  return iacas.filter(({ active, notAfter }) => active && now < notAfter).map(({ certificate }) => certificate);
}
