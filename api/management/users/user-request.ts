import type { Request } from 'express';
import { DEFAULT_ISSUER_ID, type IssuerSnapshot } from '../../../store/issuer-directory.js';
import { authorizationPolicy } from '../../../store/openid-configuration.js';
import type { Subject } from '../../../store/users.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import { readBody } from '../validation.js';
import { userRequestSchema, type UserRequest } from './user.schema.js';

/** What a user's record is to hold. */
export interface RequestedUser {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly subject?: Subject;
}

/**
 * Reads what creates or replaces a user.
 *
 * @throws {ManagementError} 400, also for claims where the issuer keeps none, and for a provider that does not exist
 */
export async function readUserRequest(context: ApiContext, request: Request): Promise<RequestedUser> {
  const { claims, authenticationProvider: identity } = await readBody(request, userRequestSchema, context);
  const snapshot = await snapshotWith(context, identity);
  const subject = identity === undefined ? undefined : subjectAt(snapshot, identity);
  const isForbidden = Object.keys(claims).length > 0 && !authorizationPolicy(snapshot.issuer).persistClaims;
  const faults = [
    ...(isForbidden ? [{ msg: 'must be left out: the issuer keeps no claims with users', param: 'claims' }] : []),
    ...(identity !== undefined && subject === undefined
      ? [{ msg: 'is not the id of an authentication provider', param: 'authenticationProvider.providerId' }]
      : []),
  ];
  if (faults.length > 0) throw ManagementError.validation(faults.map((fault) => ({ ...fault, location: 'body' })));
  return { claims, ...(subject === undefined ? {} : { subject }) };
}

type GivenIdentity = NonNullable<UserRequest['authenticationProvider']>;

async function snapshotWith({ directory }: ApiContext, identity: GivenIdentity | undefined): Promise<IssuerSnapshot> {
  const known = await directory.get(DEFAULT_ISSUER_ID);
  if (identity === undefined || known.authenticationProviders.has(identity.providerId)) return known;
  // One that another process made a moment ago is not in our snapshot yet.
  return directory.get(DEFAULT_ISSUER_ID, known.revision + 1);
}

function subjectAt({ authenticationProviders }: IssuerSnapshot, { providerId, subjectId }: GivenIdentity): Subject | undefined {
  const provider = authenticationProviders.get(providerId);
  return provider === undefined ? undefined : { providerId, url: provider.url, subjectId };
}
