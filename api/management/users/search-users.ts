import type { Request, Response } from 'express';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import { userOfSubject } from '../../../store/users.js';
import type { ApiContext } from '../../context.js';
import { readBody } from '../validation.js';
import { includesClaims } from './includes-claims.js';
import { pageOfUsers, type UserSelection } from './user-pages.js';
import { userSearchSchema, type UserSearch, type UserView } from './user.schema.js';

/** `POST /v1/users/search`: oldest first, users who fit all that is given. A subject is looked up; all else is looked for. */
export async function searchUsers(context: ApiContext, request: Request, response: Response): Promise<void> {
  const search = await readBody(request, userSearchSchema, context);
  response.json(await pageOfUsers(context, await toSelection(context, search)));
}

async function toSelection(context: ApiContext, search: UserSearch): Promise<UserSelection> {
  const { claims, authenticationProvider: { providerId, subjectId } = {}, limit, cursor } = search;
  return {
    limit,
    ...(cursor === undefined ? {} : { cursor }),
    ...(subjectId === undefined ? {} : { ids: await usersOfSubject(context, { providerId, subjectId }) }),
    ...(claims === undefined && providerId === undefined && subjectId === undefined
      ? {}
      : { matches: (user) => isFit(user, search) }),
  };
}

function isFit(user: UserView, { claims = {}, authenticationProvider: wanted = {} }: UserSearch): boolean {
  const { providerId, subjectId } = user.authenticationProvider ?? {};
  return (
    (wanted.providerId === undefined || wanted.providerId === providerId) &&
    (wanted.subjectId === undefined || wanted.subjectId === subjectId) &&
    includesClaims(user.claims, claims)
  );
}

/** The users that a subject is at the provider, or at any of the issuer's. */
async function usersOfSubject(
  { db, ring, directory }: ApiContext,
  { providerId, subjectId }: { providerId: string | undefined; subjectId: string },
): Promise<string[]> {
  const { authenticationProviders } = await directory.get(DEFAULT_ISSUER_ID);
  const providers = [...authenticationProviders.values()].filter(({ _id }) => providerId === undefined || _id === providerId);
  const userIds: string[] = [];
  for (const { _id, url } of providers) {
    const subject = { providerId: _id, url, subjectId };
    const userId = await userOfSubject({ db, ring, issuerId: DEFAULT_ISSUER_ID }, subject);
    if (userId !== undefined) userIds.push(userId);
  }
  return userIds;
}
