import type { Request, RequestHandler, Response } from 'express';
import { DEFAULT_ISSUER_ID } from '../../store/issuer-directory.js';
import { ManagementError } from '../http/errors.js';
import type { EventLocals } from '../http/recorded.js';
import { createRequireRole } from '../management/authorize.js';
import { currentLogin } from './login-session.js';
import { READING_ROLES, type CodecServices, type Reader } from './services.js';

interface ReaderLocals extends EventLocals {
  reader?: Reader;
}

/** Lets pass who may read: by a management token, or by the login that Temporal UI sends along as a cookie. */
export function identifyReader(services: CodecServices): RequestHandler {
  const requireRole = createRequireRole(services.context)(...READING_ROLES);
  return async (request, response, next) => {
    const locals = response.locals as ReaderLocals;
    if (request.headers.authorization === undefined) {
      locals.reader = await byLogin(services, request);
      locals.clientId = locals.reader.clientId;
      next();
      return;
    }
    await requireRole(request, response, (error?: unknown) => {
      if (error === undefined) locals.reader = { clientId: locals.clientId ?? '', issuerId: DEFAULT_ISSUER_ID };
      next(error);
    });
  };
}

/** Who was identified. */
export function readerOf(response: Response): Reader {
  const { reader } = response.locals as ReaderLocals;
  if (reader === undefined) throw new TypeError('nobody was identified');
  return reader;
}

/** Browsers send the cookie for pages of sister sites too, and say whose page it is: only Temporal UI's counts. */
async function byLogin(services: CodecServices, request: Request): Promise<Reader> {
  const login = request.headers.origin === services.uiOrigin ? await currentLogin(services, request) : undefined;
  if (login === undefined) throw new ManagementError('Unauthorized', 'Unauthorized', { status: 401 });
  return login.reader;
}
