import type { IssuerDocument, OpenIdConfigurationDocument } from '../../../store/documents.js';
import { UnknownIssuerError } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { UnavailableError } from '../../http/errors.js';
import { nextHookSecrets } from './hook-secret.js';
import type { OpenIdConfigurationRequest } from './openid-configuration.schema.js';

const MOST_ATTEMPTS = 10;

/** @throws {UnknownIssuerError} */
export async function requireIssuer({ db }: Pick<ApiContext, 'db'>, issuerId: string): Promise<IssuerDocument> {
  const issuer = await db.issuers.findOne({ _id: issuerId });
  if (issuer === null) throw new UnknownIssuerError(`there is no issuer ${issuerId}`);
  return issuer;
}

/**
 * Replaces an issuer's configuration in full and counts the change. Of several at once the last one holds, and all of
 * them answer with a secret that was in force.
 *
 * @returns the issuer as it is then
 * @throws {UnavailableError} while others keep changing the issuer
 */
export async function writeOpenIdConfiguration(
  context: Pick<ApiContext, 'db' | 'ring' | 'now'>,
  issuerId: string,
  request: OpenIdConfigurationRequest,
): Promise<IssuerDocument> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const issuer = await requireIssuer(context, issuerId);
    const changed = { openid: toDocument(context, issuer, request), revision: issuer.revision + 1 };
    const { matchedCount } = await context.db.issuers.updateOne({ _id: issuerId, revision: issuer.revision }, { $set: changed });
    if (matchedCount === 1) return { ...issuer, ...changed };
  }
  throw new UnavailableError('The issuer is being changed by other requests');
}

function toDocument(
  { ring, now }: Pick<ApiContext, 'ring' | 'now'>,
  issuer: IssuerDocument,
  { interactionHook: hook, authorization }: OpenIdConfigurationRequest,
): OpenIdConfigurationDocument {
  if (hook === undefined) return { authorization };
  const { url, claims, sessionTimeoutInSec, disabled } = hook;
  const current = issuer.openid?.interactionHook;
  return {
    interactionHook: {
      url,
      claims,
      ...(sessionTimeoutInSec === undefined ? {} : { sessionTimeoutInSec }),
      disabled,
      ...nextHookSecrets({ current, rotation: hook, issuerId: issuer._id, ring, now: now() }),
    },
    authorization,
  };
}
