import { issue } from '@digitalbazaar/vc';
import type { ExternalSigner } from 'jsonld-signatures';
import type { AssertionSigner } from '../../keys/credential-signers.js';
import { representedAs } from '../../keys/did-document.js';
import type { LinkedDataProofType } from '../../store/configuration-documents.js';
import { CredentialContentError } from '../credential-content-error.js';
import type { CredentialDocument, JsonObject } from '../verifiable-credential/credential-document.js';
import { checkSigned } from './check-signed.js';
import { loadPinnedDocument, UnknownContextError } from './document-loader.js';
import { proofSuite } from './proof-suite.js';
import { resolveContexts } from './resolve-contexts.js';

export interface Signing {
  /** Without a proof. */
  readonly document: CredentialDocument;
  readonly proofType: LinkedDataProofType;
  /** With a key of the proof type's algorithm. */
  readonly assertion: AssertionSigner;
  /** Contexts that the issuer uploaded, JSON text by URL. */
  readonly contexts?: ReadonlyMap<string, string> | undefined;
  /** Of the proof, as an XML Schema dateTime. */
  readonly created: string;
  /** For `ecdsa-sd-2023`. */
  readonly mandatoryPointers?: readonly string[];
}

export type SignedDocument = CredentialDocument & { readonly proof: JsonObject };

/** A signature as it was made, and what over. */
export interface MadeSignature {
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Adds a proof to a credential, and checks it. Nothing that it means is dropped: a term that no context defines is refused.
 *
 * @throws {CredentialContentError} for what JSON-LD cannot express in full
 * @throws {SignerError} when the key cannot be used now
 */
export async function signDocument(signing: Signing): Promise<SignedDocument> {
  const { document, proofType, assertion, contexts, created, mandatoryPointers = [] } = signing;
  const made: MadeSignature[] = [];
  const form = proofType === 'Ed25519Signature2018' ? 'Ed25519VerificationKey2018' : 'Multikey';
  const signer = externalSigner(assertion, representedAs(assertion.verificationMethod, form), made);
  const suite = proofSuite({ proofType, signer, created, mandatoryPointers });
  try {
    const credential = { ...document, '@context': resolveContexts(document['@context'], contexts) };
    const signed = await issue({ credential, suite, documentLoader: loadPinnedDocument });
    await checkSigned({ document: signed, proofType, signer: assertion.signer, made });
    return { ...document, proof: signed.proof };
  } catch (error) {
    throw contentError(error) ?? error;
  }
}

function externalSigner({ signer }: AssertionSigner, id: string, made: MadeSignature[]): ExternalSigner {
  return {
    id,
    algorithm: signer.algorithm === 'ES256' ? 'P-256' : 'Ed25519',
    sign: async ({ data }) => {
      const signature = await signer.sign(data);
      made.push({ data, signature });
      return signature;
    },
  };
}

/** What of the library's errors comes from the credential; trying again does not help. */
function contentError(error: unknown): CredentialContentError | undefined {
  if (!(error instanceof Error)) return undefined;
  const isContent =
    error instanceof UnknownContextError ||
    error.name.startsWith('jsonld.') ||
    // More indistinguishable parts than canonicalisation may compare.
    error.message.startsWith('Maximum deep iterations');
  return isContent
    ? new CredentialContentError('the credential has parts that its contexts cannot express', { cause: error })
    : undefined;
}
