import { sealEnvelope } from '../../../keys/envelope.js';
import type { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import type { AuthenticationProviderDocument } from '../../../store/documents.js';
import { ManagementError } from '../../http/errors.js';
import { maskSecret } from '../claim-sources/claim-source-secret.js';
import type { AuthenticationProviderRequest } from './provider.schema.js';

type StoredSecret = Pick<AuthenticationProviderDocument, 'clientSecret' | 'maskedSecret'>;

/**
 * The secret to store: sealed, or the present one kept where its masked form came back; nothing for a client without one.
 *
 * @throws {ManagementError} 400 for a masked form that stands for no secret, or that would go to another host: whoever
 * may change a provider must not be able to have its secret sent to a host of their own
 */
export function toStoredSecret({
  request: { url, clientSecret: given },
  providerId,
  current,
  ring,
}: {
  request: AuthenticationProviderRequest;
  providerId: string;
  current?: AuthenticationProviderDocument;
  ring: KeyEncryptionRing;
}): StoredSecret {
  if (given === undefined) return {};
  if (!given.startsWith('****')) {
    return { clientSecret: sealEnvelope({ ring, value: given, context: providerId }), maskedSecret: maskSecret(given) };
  }
  const { clientSecret, maskedSecret } = current ?? {};
  if (current === undefined || clientSecret === undefined || maskedSecret !== given) {
    throw fault('is the masked form of a secret that this provider does not have; give the secret itself');
  }
  if (new URL(url).origin !== new URL(current.url).origin) {
    throw fault('must be given in full, since it would now go to another host');
  }
  return { clientSecret, maskedSecret };
}

function fault(msg: string): ManagementError {
  return ManagementError.validation([{ msg, param: 'clientSecret', location: 'body' }]);
}
