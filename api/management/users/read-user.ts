import type { Request, Response } from 'express';
import { z } from 'zod';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import { findUser } from '../../../store/users.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { pageQuery } from '../pagination.js';
import { uuidParameter } from '../record-id.js';
import { readQuery } from '../validation.js';
import { pageOfUsers } from './user-pages.js';
import { isInLedger, toView } from './user-record.js';

export const userListQuery = z.object(pageQuery);

/** `GET /v1/users/{id}`: also a user of whom nothing is kept, once a credential was issued to it. */
export async function retrieveUser(context: ApiContext, request: Request, response: Response): Promise<void> {
  const userId = uuidParameter(request);
  (response.locals as EventLocals).eventData = { userId };
  const user = await findUser({ db: context.db, issuerId: DEFAULT_ISSUER_ID }, userId);
  if (user !== null) return void response.json(toView(context.ring, user));
  if (!(await isInLedger(context, userId))) throw ManagementError.notFound('id', userId);
  response.json({ id: userId, claims: {} });
}

/** `GET /v1/users`: those of whom something is kept, oldest first. */
export async function listUsers(context: ApiContext, request: Request, response: Response): Promise<void> {
  response.json(await pageOfUsers(context, readQuery(request, userListQuery)));
}
