import { compactVerify, importJWK } from 'jose';
import type { AssertionSigner } from '../../keys/credential-signers.js';
import { SignerError } from '../../keys/signer.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LIFE_MS = 365 * DAY_MS;
const RENEW_AFTER_MS = LIFE_MS / 2;

interface Linkage {
  readonly jwt: string;
  /** Milliseconds since the epoch. */
  readonly signedAt: number;
}

/** Domain linkage credentials, kept for as long as they are good: one a key. */
export class DomainLinkages {
  readonly #origin: string;
  readonly #now: () => number;
  readonly #kept = new Map<string, Linkage>();
  readonly #signing = new Map<string, Promise<string>>();

  /** @param options.now milliseconds since the epoch */
  constructor({ origin, now }: { origin: string; now: () => number }) {
    this.#origin = origin;
    this.#now = now;
  }

  /**
   * The credential by which a DID says that it is the origin's: good for a year, and renewed after half of it. While the
   * signer is away the one at hand goes on serving, to a day before its end.
   *
   * @returns a compact JWT
   * @throws {SignerError}
   */
  async of(assertion: AssertionSigner): Promise<string> {
    const { verificationMethod } = assertion;
    const now = this.#now();
    const known = this.#kept.get(verificationMethod);
    if (known !== undefined && now < known.signedAt + RENEW_AFTER_MS) return known.jwt;
    try {
      return await (this.#signing.get(verificationMethod) ?? this.#sign(assertion, now));
    } catch (error) {
      if (known === undefined || now >= known.signedAt + LIFE_MS - DAY_MS) throw error;
      return known.jwt;
    }
  }

  /** Forgets the credentials of all other keys. */
  keepOnly(verificationMethods: ReadonlySet<string>): void {
    for (const each of this.#kept.keys()) if (!verificationMethods.has(each)) this.#kept.delete(each);
  }

  #sign(assertion: AssertionSigner, now: number): Promise<string> {
    const { verificationMethod } = assertion;
    const signing = signLinkage(assertion, { origin: this.#origin, now })
      .then((jwt) => {
        this.#kept.set(verificationMethod, { jwt, signedAt: now });
        return jwt;
      })
      .finally(() => this.#signing.delete(verificationMethod));
    this.#signing.set(verificationMethod, signing);
    return signing;
  }
}

async function signLinkage(
  { signer, did, verificationMethod }: AssertionSigner,
  { origin, now }: { origin: string; now: number },
): Promise<string> {
  // Nothing else: some verifiers of domain linkage take no further member.
  const header = { alg: signer.algorithm, kid: verificationMethod };
  const signed = `${encode(header)}.${encode(linkageClaims({ did, origin, now }))}`;
  const jwt = `${signed}.${Buffer.from(await signer.sign(Buffer.from(signed))).toString('base64url')}`;
  try {
    await compactVerify(jwt, await importJWK({ ...signer.publicJwk }, signer.algorithm));
  } catch (cause) {
    throw new SignerError('a domain linkage credential does not verify with its key', { retryable: true, cause });
  }
  return jwt;
}

function linkageClaims({ did, origin, now }: { did: string; origin: string; now: number }): unknown {
  const from = Math.floor(now / HOUR_MS) * HOUR_MS;
  const until = from + LIFE_MS;
  return {
    iss: did,
    sub: did,
    nbf: from / 1000,
    exp: until / 1000,
    vc: {
      '@context': ['https://www.w3.org/2018/credentials/v1', 'https://identity.foundation/.well-known/did-configuration/v1'],
      type: ['VerifiableCredential', 'DomainLinkageCredential'],
      issuer: did,
      issuanceDate: timestamp(from),
      expirationDate: timestamp(until),
      credentialSubject: { id: did, origin },
    },
  };
}

function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
