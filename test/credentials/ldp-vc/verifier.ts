import { contexts as credentialsContexts } from '@digitalbazaar/credentials-context';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { contexts as dataIntegrityContexts } from '@digitalbazaar/data-integrity-context';
import { cryptosuite as ecdsaRdfc2019 } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { createDiscloseCryptosuite, createVerifyCryptosuite } from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import { cryptosuite as eddsaRdfc2022 } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { derive, verifyCredential } from '@digitalbazaar/vc';
import { createHash, createPublicKey, verify } from 'node:crypto';
import jsonld from 'jsonld';
import jsigs from 'jsonld-signatures';
import { base58btc } from 'multiformats/bases/base58';

type JsonObject = Readonly<Record<string, unknown>>;

const SECURITY = 'https://w3id.org/security/v2';

/** The published content of the context, in the form of `w3id.org`: it differs from the repository's in `@version` alone. */
const REVOCATION_LIST_2020 = JSON.parse(`{"@context":{"@protected":true,
  "RevocationList2020Credential":{"@id":"https://w3id.org/vc-revocation-list-2020#RevocationList2020Credential",
    "@context":{"@protected":true,"id":"@id","type":"@type","description":"http://schema.org/description","name":"http://schema.org/name"}},
  "RevocationList2020":{"@id":"https://w3id.org/vc-revocation-list-2020#RevocationList2020",
    "@context":{"@protected":true,"id":"@id","type":"@type","encodedList":"https://w3id.org/vc-revocation-list-2020#encodedList"}},
  "RevocationList2020Status":{"@id":"https://w3id.org/vc-revocation-list-2020#RevocationList2020Status",
    "@context":{"@protected":true,"id":"@id","type":"@type",
      "revocationListCredential":{"@id":"https://w3id.org/vc-revocation-list-2020#revocationListCredential","@type":"@id"},
      "revocationListIndex":"https://w3id.org/vc-revocation-list-2020#revocationListIndex"}}}}`) as JsonObject;

/** As much of a DID document as is read. */
export interface PublishedDid {
  readonly id: string;
  readonly verificationMethod: readonly (JsonObject & { readonly id: string; readonly type: string })[];
  readonly assertionMethod: readonly string[];
}

const METHOD_CONTEXTS: Readonly<Record<string, string>> = {
  JsonWebKey2020: 'https://w3id.org/security/suites/jws-2020/v1',
  Multikey: 'https://w3id.org/security/multikey/v1',
  Ed25519VerificationKey2018: 'https://w3id.org/security/suites/ed25519-2018/v1',
};

/** A verifier that shares no code with the issuer: Digital Bazaar's, with the published contexts and the issuer's DID document. */
export class LinkedDataVerifier {
  readonly #documents: ReadonlyMap<string, JsonObject>;

  constructor(
    readonly did: PublishedDid,
    contexts: ReadonlyMap<string, string>,
  ) {
    this.#documents = new Map<string, JsonObject>([
      ...credentialsContexts,
      ...dataIntegrityContexts,
      ['https://w3id.org/vc-revocation-list-2020/v1', REVOCATION_LIST_2020],
      ...[...contexts].map(([url, text]) => [url, JSON.parse(text) as JsonObject] as const),
      [did.id, { '@context': 'https://www.w3.org/ns/did/v1', id: did.id, assertionMethod: did.assertionMethod }],
      ...did.verificationMethod.map((method) => [method.id, { '@context': METHOD_CONTEXTS[method.type], ...method }] as const),
    ]);
  }

  readonly load = (url: string): Promise<object> => {
    const document = this.#documents.get(url);
    if (document === undefined) return Promise.reject(new Error(`the verifier does not know ${url}`));
    return Promise.resolve({ contextUrl: null, documentUrl: url, document });
  };

  /** Whether a credential with a Data Integrity proof verifies (VC-DI 4.5). */
  async verifies(credential: JsonObject, { now }: { now: Date }): Promise<boolean> {
    const { cryptosuite } = credential.proof as { cryptosuite: string };
    const suites: Record<string, object> = {
      'eddsa-rdfc-2022': eddsaRdfc2022,
      'ecdsa-rdfc-2019': ecdsaRdfc2019,
      'ecdsa-sd-2023': createVerifyCryptosuite(),
    };
    const suite = new DataIntegrityProof({ cryptosuite: suites[cryptosuite]! });
    const checkStatus = () => Promise.resolve({ verified: true });
    const { verified } = await verifyCredential({ credential, suite, documentLoader: this.load, now, checkStatus });
    return verified;
  }

  /** What a holder shows of an `ecdsa-sd-2023` credential: what is mandatory, and what the pointers name. */
  disclose(credential: JsonObject, selectivePointers: readonly string[]): Promise<JsonObject> {
    const suite = new DataIntegrityProof({ cryptosuite: createDiscloseCryptosuite({ selectivePointers }) });
    return derive({ verifiableCredential: structuredClone(credential), suite, documentLoader: this.load });
  }

  /**
   * Whether an Ed25519Signature2018 verifies, by the suite's specification: SHA-256 of the canonical proof without its
   * signature, under the security context as the suite's first implementations had it, then of the canonical document;
   * signed as the unencoded payload of a detached JWS (RFC 7797).
   */
  async verifies2018({ proof, ...document }: JsonObject): Promise<boolean> {
    const { jws, ...options } = proof as Record<string, string>;
    const [header = '', payload, signature = ''] = jws!.split('.');
    const { alg, b64, crit } = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>;
    if (alg !== 'EdDSA' || b64 !== false || JSON.stringify(crit) !== '["b64"]' || payload !== '') return false;
    const security = { '@context': SECURITY, ...options };
    const hashes = [await this.#canonicalHash(security), await this.#canonicalHash(document)];
    const signed = Buffer.concat([Buffer.from(`${header}.`), ...hashes]);
    const method = this.did.verificationMethod.find(({ id }) => id === options.verificationMethod);
    if (method?.type !== 'Ed25519VerificationKey2018') return false;
    const x = Buffer.from(base58btc.decode(`z${String(method.publicKeyBase58)}`)).toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, signed, key, Buffer.from(signature, 'base64url'));
  }

  async #canonicalHash(document: JsonObject): Promise<Buffer> {
    const documentLoader = jsigs.extendContextLoader(this.load);
    const options = { algorithm: 'URDNA2015', format: 'application/n-quads', documentLoader, safe: true };
    const quads: unknown = await jsonld.canonize(document, options as object);
    return createHash('sha256').update(String(quads)).digest();
  }
}
