import type { Request } from 'express';
import { readFormBody } from '../http/request-body.js';
import { parametersOf, type OAuthParameters } from '../oauth/parameters.js';
import type { WalletServices } from './services.js';

/**
 * The parameters of a form that a client sends.
 *
 * @throws {RequestBodyError} also for a parameter given twice
 */
export async function readFormParameters(
  request: Request,
  { context: { config } }: WalletServices,
  maxBytes: number,
): Promise<OAuthParameters> {
  return parametersOf(await readFormBody(request, { maxBytes: Math.min(config.REQUEST_MAX_BYTES, maxBytes) }));
}
