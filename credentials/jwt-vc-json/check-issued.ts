import type { Signer } from '../../keys/signer.js';
import { IssuedCredentialFault } from '../issued-credential-fault.js';
import type { JsonObject } from '../verifiable-credential/credential-document.js';
import { verifiesWith } from '../verify-signature.js';

/**
 * Checks a finished JWT by reading it back: its signature verifies, and it says what it has to.
 *
 * @throws {IssuedCredentialFault}
 */
export async function checkIssued({ jwt, signer, payload }: { jwt: string; signer: Signer; payload: JsonObject }): Promise<void> {
  const [header = '', body = '', signature = ''] = jwt.split('.');
  if (!(await verifiesWith(signer, Buffer.from(`${header}.${body}`), Buffer.from(signature, 'base64url')))) {
    throw new IssuedCredentialFault('the signature does not verify with the signing key');
  }
  const read: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  if (JSON.stringify(read) !== JSON.stringify(payload))
    throw new IssuedCredentialFault('the payload is not the one that was to be signed');
}
