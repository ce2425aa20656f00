import { credentialSigners } from '../../keys/credential-signers.js';
import type { IssuerDid } from '../../keys/did-issuer.js';
import { didWebOf } from '../../keys/did-web.js';
import { SignerError } from '../../keys/signer.js';
import type { IssuerSnapshot } from '../../store/issuer-directory.js';
import { didsOf } from './did-documents.js';
import { DomainLinkages } from './domain-linkage.js';
import type { Endpoint } from './endpoint.js';
import { published, sendDocument, type PublishedDocument } from './published-document.js';
import type { WalletServices } from './services.js';

const CONTEXT = 'https://identity.foundation/.well-known/did-configuration/v1';
const CHECK_AFTER_MS = 3_600_000;

interface Made {
  readonly document: Promise<PublishedDocument>;
  readonly checkAt: number;
}

/**
 * `GET /.well-known/did-configuration.json`: a credential by each of the issuer's DIDs that it is this web origin's too (DIF
 * Well Known DID Configuration 4). Signed anew only when keys change, or the credentials near their end.
 */
export function didConfigurationEndpoint(services: WalletServices): Endpoint {
  const { context, issuer } = services;
  const linkages = new DomainLinkages({ origin: new URL(issuer.identifier).origin, now: context.now });
  const made = new WeakMap<IssuerSnapshot, Made>();
  const documentOf = (snapshot: IssuerSnapshot): Promise<PublishedDocument> => {
    const known = made.get(snapshot);
    if (known !== undefined && context.now() < known.checkAt) return known.document;
    const document = didConfiguration(services, { snapshot, linkages }).then(published);
    made.set(snapshot, { document, checkAt: context.now() + CHECK_AFTER_MS });
    // What could not be made is tried again by the next request.
    document.catch(() => made.delete(snapshot));
    return document;
  };
  return async (request, response) => {
    sendDocument(request, response, await documentOf(await context.directory.get(issuer.id)));
  };
}

/** @throws {SignerError} retryable, while a key store is away */
async function didConfiguration(
  { context, issuer }: WalletServices,
  { snapshot, linkages }: { snapshot: IssuerSnapshot; linkages: DomainLinkages },
): Promise<unknown> {
  const signers = credentialSigners({ records: snapshot, access: context, issuerDid: didWebOf(issuer.identifier) });
  const keys = [...didsOf(snapshot, issuer).values()].flatMap(({ did, keys }) =>
    linkingKey(keys).map((key) => ({ did, ...key })),
  );
  linkages.keepOnly(new Set(keys.map(({ verificationMethod }) => verificationMethod)));
  const linked = await Promise.all(
    keys.map(async ({ did, algorithm }) => {
      try {
        return [await linkages.of(signers.assertion(algorithm, did))];
      } catch (error) {
        if (!(error instanceof SignerError) || error.retryable) throw error;
        // One DID whose key is broken shall not hide the others.
        context.logger.error({ error: error.name, did }, 'a DID could not be linked with the domain');
        return [];
      }
    }),
  );
  return { '@context': CONTEXT, linked_dids: linked.flat() };
}

/** The one active key, at most, that links a DID: Ed25519 before P-256, which not every verifier of linkage knows. */
function linkingKey(keys: IssuerDid['keys']): IssuerDid['keys'] {
  const active = keys.filter(({ active }) => active);
  const key = active.find(({ algorithm }) => algorithm === 'EdDSA') ?? active[0];
  return key === undefined ? [] : [key];
}
