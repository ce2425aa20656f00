import { sealEnvelope } from '../../../keys/envelope.js';
import type { KeyEncryptionRing } from '../../../keys/key-encryption.js';
import type { ClaimSourceAuthorization, ClaimSourceDocument } from '../../../store/documents.js';
import { ManagementError } from '../../http/errors.js';
import type { ClaimSourceRequest, ClaimSourceView } from './claim-source.schema.js';

const SHOWN_CHARACTERS = 5;

/** Asterisks and the last characters; nothing of a secret too short to show five and keep most of it. */
export function maskSecret(secret: string): string {
  return `****${secret.length >= 3 * SHOWN_CHARACTERS ? secret.slice(-SHOWN_CHARACTERS) : ''}`;
}

/**
 * The authorization to store: the secret sealed, or the present one kept where its masked form came back.
 *
 * @throws {ManagementError} 400 for a masked form that stands for no secret, or that would go to another host: whoever
 * may change a source must not be able to have its secret, or a token got with it, sent to a host of their own
 */
export function toStoredAuthorization({
  request,
  sourceId,
  current,
  ring,
}: {
  request: ClaimSourceRequest;
  sourceId: string;
  current?: ClaimSourceDocument;
  ring: KeyEncryptionRing;
}): ClaimSourceAuthorization {
  const { authorization } = request;
  const given = authorization.type === 'api-key' ? authorization.value : authorization.clientSecret;
  const member = authorization.type === 'api-key' ? 'value' : 'clientSecret';
  const kept = given.startsWith('****') ? keptSecret({ request, given, member, current }) : undefined;
  const sealed = kept ?? { secret: sealEnvelope({ ring, value: given, context: sourceId }), masked: maskSecret(given) };
  if (authorization.type === 'api-key') return { type: 'api-key', value: sealed.secret, masked: sealed.masked };
  const { clientSecret: _given, ...rest } = authorization;
  return { ...rest, clientSecret: sealed.secret, masked: sealed.masked };
}

/** The authorization as the API shows it. */
export function toShownAuthorization(authorization: ClaimSourceAuthorization): ClaimSourceView['authorization'] {
  if (authorization.type === 'api-key') return { type: 'api-key', value: authorization.masked };
  const { masked, clientSecret: _sealed, ...rest } = authorization;
  return { ...rest, clientSecret: masked };
}

function keptSecret({
  request,
  given,
  member,
  current,
}: {
  request: ClaimSourceRequest;
  given: string;
  member: string;
  current: ClaimSourceDocument | undefined;
}) {
  const stored = current?.authorization;
  if (current === undefined || stored?.type !== request.authorization.type || stored.masked !== given) {
    throw fault(member, 'is the masked form of a secret that this source does not have; give the secret itself');
  }
  if (recipients(request) !== recipients(current))
    throw fault(member, 'must be given in full, since it would now go to another host');
  return { secret: stored.type === 'api-key' ? stored.value : stored.clientSecret, masked: stored.masked };
}

/** Where the secret, and what is got with it, are sent. */
function recipients({
  url,
  authorization,
}: Pick<ClaimSourceDocument, 'url'> & { authorization: { type: string; tokenEndpoint?: string } }): string {
  return `${new URL(url).origin} ${new URL(authorization.tokenEndpoint ?? url).origin}`;
}

function fault(member: string, msg: string): ManagementError {
  return ManagementError.validation([{ msg, param: `authorization.${member}`, location: 'body' }]);
}
