import jsigs, { type ExternalSigner } from 'jsonld-signatures';
import { CORE_CONTEXTS } from '../verifiable-credential/core-context.js';

/** The protected header of every such signature: the payload is not encoded (RFC 7797). */
const HEADER = Buffer.from(JSON.stringify({ alg: 'EdDSA', b64: false, crit: ['b64'] })).toString('base64url');

type Signing = Parameters<InstanceType<typeof jsigs.suites.LinkedDataSignature>['sign']>[0];

/** What is signed: the header, and behind it the hashes of proof and document as they are. */
export function signingInput(verifyData: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${HEADER}.`), verifyData]);
}

/** The Linked Data suite that MATTR signs with: a JWS without its payload (Ed25519Signature2018). */
export class Ed25519Signature2018 extends jsigs.suites.LinkedDataSignature {
  readonly #signer: ExternalSigner;

  /** @param options.date of the proof, as an XML Schema dateTime */
  constructor({ signer, date }: { signer: ExternalSigner; date: string }) {
    // The core context of VCDM 1.1 defines it.
    super({ type: 'Ed25519Signature2018', signer, date, contextUrl: CORE_CONTEXTS['1.1'] });
    this.#signer = signer;
  }

  override async sign({ verifyData, proof }: Signing): Promise<Signing['proof']> {
    const signature = await this.#signer.sign({ data: signingInput(verifyData) });
    return { ...proof, jws: `${HEADER}..${Buffer.from(signature).toString('base64url')}` };
  }
}
