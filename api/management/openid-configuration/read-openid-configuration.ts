import type { Request, Response } from 'express';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { requireIssuer } from './openid-configuration-record.js';
import { toView } from './openid-configuration-view.js';

/** `GET /v1/openid/configuration`: the defaults where nothing was set. */
export async function retrieveOpenIdConfiguration(context: ApiContext, _request: Request, response: Response): Promise<void> {
  response.json(toView(context, await requireIssuer(context, DEFAULT_ISSUER_ID)));
}
