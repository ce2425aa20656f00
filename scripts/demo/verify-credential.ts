import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, exportJWK, importJWK, type JWK } from 'jose';

/** A credential that was checked: what it says, and what it rests on. */
export interface VerifiedCredential {
  /** Claims with every disclosure in place, registered ones (`iss`, `exp`, ...) included. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly keyId: string;
  /** Number of claims and array elements the holder can withhold. */
  readonly disclosures: number;
  /** Subject of the leaf certificate, where the credential carries a chain. */
  readonly certificateSubject?: string;
}

/** A credential does not hold what it should; the message says which check failed. */
export class CredentialNotValid extends Error {
  override readonly name = 'CredentialNotValid';
}

interface Check {
  /** Compact SD-JWT VC. */
  readonly credential: string;
  /** The issuer's identifier: `iss` must be it, and its published keys must hold the signature's. */
  readonly issuer: string;
  /** Public key the credential must be bound to. */
  readonly holderKey: JWK;
  readonly fetch?: typeof fetch;
}

/**
 * Verifies a credential as a relying party does: signature by a key the issuer publishes (SD-JWT VC 5), that key certified
 * for the issuer's host, every disclosure, validity in time, and the holder's key.
 *
 * @throws {CredentialNotValid}
 */
export async function verifyCredential({
  credential,
  issuer,
  holderKey,
  fetch: request = fetch,
}: Check): Promise<VerifiedCredential> {
  const header = decodeProtectedHeader(credential.split('~', 1)[0] ?? '');
  if (header.typ !== 'dc+sd-jwt') throw new CredentialNotValid(`typ is ${String(header.typ)}, not dc+sd-jwt`);
  const key = await publishedKey({ issuer, keyId: header.kid, request });
  const certificateSubject = header.x5c === undefined ? undefined : await checkChain({ chain: header.x5c, issuer, key });
  const instance = new SDJwtVcInstance({
    hasher,
    hashAlg: 'sha-256',
    saltGenerator: (length) => randomBytes(length).toString('base64url'),
    verifier: async (data, signature) => isSignedBy(key, `${data}.${signature}`),
  });
  const { payload } = await instance.verify(credential).catch((cause: unknown) => {
    throw new CredentialNotValid('signature, disclosures or times are wrong', { cause });
  });
  if (payload.iss !== issuer) throw new CredentialNotValid('iss is not the issuer it was collected from');
  await checkHolder(payload.cnf, holderKey);
  return {
    payload,
    keyId: await calculateJwkThumbprint(key),
    disclosures: credential.split('~').length - 2,
    ...(certificateSubject === undefined ? {} : { certificateSubject }),
  };
}

async function publishedKey({
  issuer,
  keyId,
  request,
}: {
  issuer: string;
  keyId: string | undefined;
  request: typeof fetch;
}): Promise<JWK> {
  const location = new URL(issuer);
  const path = location.pathname === '/' ? '' : location.pathname;
  const metadata = (await getJson(`${location.origin}/.well-known/jwt-vc-issuer${path}`, request)) as {
    issuer?: unknown;
    jwks?: { keys: JWK[] };
    jwks_uri?: string;
  };
  if (metadata.issuer !== issuer) throw new CredentialNotValid('the issuer metadata names another issuer');
  const { keys } = metadata.jwks ?? ((await getJson(metadata.jwks_uri ?? '', request)) as { keys: JWK[] });
  for (const { kty = '', crv, x, y, kid } of keys) {
    const bare = { kty, crv, x, y } as JWK;
    if (kid === keyId || (await calculateJwkThumbprint(bare)) === keyId) return bare;
  }
  throw new CredentialNotValid('the issuer does not publish the key that signed it');
}

/** The chain must certify the very key for the issuer's host, each certificate signed by the next. */
async function checkChain({ chain, issuer, key }: { chain: readonly string[]; issuer: string; key: JWK }): Promise<string> {
  const certificates = chain.map((entry) => new X509Certificate(Buffer.from(entry, 'base64')));
  const [leaf] = certificates;
  if (leaf === undefined) throw new CredentialNotValid('x5c is empty');
  const certified = await calculateJwkThumbprint(await exportJWK(leaf.publicKey));
  if (certified !== (await calculateJwkThumbprint(key))) throw new CredentialNotValid('the certificate is for another key');
  const { hostname } = new URL(issuer);
  if (leaf.checkHost(hostname) === undefined && leaf.checkIP(hostname) === undefined) {
    throw new CredentialNotValid("the certificate is not for the issuer's host");
  }
  const now = Date.now();
  for (const [index, certificate] of certificates.entries()) {
    if (Date.parse(certificate.validFrom) > now || Date.parse(certificate.validTo) < now) {
      throw new CredentialNotValid('a certificate is outside its validity');
    }
    const next = certificates[index + 1];
    if (next !== undefined && !(certificate.checkIssued(next) && certificate.verify(next.publicKey))) {
      throw new CredentialNotValid('the certificate chain is broken');
    }
  }
  return leaf.subject;
}

async function checkHolder(confirmation: unknown, holderKey: JWK): Promise<void> {
  const jwk = (confirmation as { jwk?: JWK } | undefined)?.jwk;
  if (jwk === undefined) throw new CredentialNotValid('it is bound to no key');
  if ((await calculateJwkThumbprint(jwk)) !== (await calculateJwkThumbprint(holderKey))) {
    throw new CredentialNotValid("it is bound to another's key");
  }
}

function hasher(data: string | ArrayBuffer, algorithm: string): Uint8Array {
  const bytes = typeof data === 'string' ? data : new Uint8Array(data);
  return new Uint8Array(createHash(algorithm.replace('-', '')).update(bytes).digest());
}

async function isSignedBy(key: JWK, jws: string): Promise<boolean> {
  const publicKey = await importJWK(key, 'ES256');
  return compactVerify(jws, publicKey, { algorithms: ['ES256'] }).then(
    () => true,
    () => false,
  );
}

async function getJson(url: string, request: typeof fetch): Promise<unknown> {
  const response = await request(url, { headers: { accept: 'application/json' } });
  if (!response.ok) throw new CredentialNotValid(`${new URL(url).pathname} answered ${response.status}`);
  return response.json();
}
