import type { RequestHandler } from 'express';
import type { Role } from '../../store/documents.js';
import type { ApiContext } from '../context.js';
import { ManagementError } from '../http/errors.js';
import type { EventLocals } from '../http/recorded.js';
import { ManagementTokenVerifier } from './management-token.js';

/** Lets a request pass whose token has one of the roles. */
export type RequireRole = (...roles: readonly Role[]) => RequestHandler;

/**
 * Gives the guard of management operations: 401 without a valid bearer token, 403 without one of the roles, and answers
 * that nobody stores.
 */
export function createRequireRole(context: ApiContext): RequireRole {
  const verifier = new ManagementTokenVerifier(context);
  return (...roles) =>
    async (request, response, next) => {
      response.setHeader('Cache-Control', 'no-store');
      const token = bearerToken(request.headers.authorization);
      const caller = token === undefined ? undefined : await verifier.verify(token);
      if (caller === undefined) throw new ManagementError('Unauthorized', 'Unauthorized', { status: 401 });
      (response.locals as EventLocals).clientId = caller.clientId;
      if (!caller.roles.some((role) => roles.includes(role)))
        throw new ManagementError('Forbidden', 'Forbidden', { status: 403 });
      next();
    };
}

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]{1,4096}=*) *$/i;

function bearerToken(header: string | undefined): string | undefined {
  return header === undefined ? undefined : BEARER.exec(header)?.[1];
}
