import { formatOf } from '../../credentials/formats.js';
import type { DisplayDocument, IssuerDocument } from '../../store/documents.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import { WALLET_ALGORITHMS } from '../oauth/jws.js';
import { IACA_LIST_PATH } from './iaca-list.js';
import type { WalletServices } from './services.js';
import type { WalletIssuer } from './wallet-issuer.js';

/** The Credential Issuer metadata (OID4VCI 12.2.4). `authorization_servers` is left out: the issuer is its own (MET-06). */
export function issuerMetadata({ context: { config }, issuer }: WalletServices): (snapshot: IssuerSnapshot) => unknown {
  return (snapshot) => ({
    credential_issuer: issuer.identifier,
    credential_endpoint: issuer.urls.credential,
    nonce_endpoint: issuer.urls.nonce,
    deferred_credential_endpoint: issuer.urls.deferredCredential,
    notification_endpoint: issuer.urls.notification,
    ...(config.BATCH_SIZE >= 2 ? { batch_credential_issuance: { batch_size: config.BATCH_SIZE } } : {}),
    // MATTR's own member: wallets of its SDK take their trusted roots from there.
    ...(snapshot.iacas.some(({ active }) => active) ? { mdoc_iacas_uri: issuer.identifier + IACA_LIST_PATH } : {}),
    display: displays(snapshot.issuer),
    credential_configurations_supported: configurations(snapshot, issuer),
  });
}

function configurations(snapshot: IssuerSnapshot, { identifier }: WalletIssuer): Readonly<Record<string, unknown>> {
  const proofAlgorithms = [...WALLET_ALGORITHMS];
  return Object.fromEntries(
    [...snapshot.configurations].map(([id, configuration]) => [
      id,
      formatOf(configuration).metadataEntry({ configuration, issuerIdentifier: identifier, proofAlgorithms }),
    ]),
  );
}

function displays({ name, display }: IssuerDocument): readonly Readonly<Record<string, unknown>>[] {
  return display.length === 0 ? [{ name }] : display.map(describe);
}

function describe({ name, locale, logo }: DisplayDocument): Readonly<Record<string, unknown>> {
  return {
    name,
    ...(locale === undefined ? {} : { locale }),
    ...(logo === undefined ? {} : { logo: { uri: logo.uri, ...(logo.altText === undefined ? {} : { alt_text: logo.altText }) } }),
  };
}
