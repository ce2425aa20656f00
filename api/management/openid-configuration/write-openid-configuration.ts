import type { Request, Response } from 'express';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import type { EventLocals } from '../../http/recorded.js';
import { readBody } from '../validation.js';
import { writeOpenIdConfiguration } from './openid-configuration-record.js';
import { toView } from './openid-configuration-view.js';
import { openIdConfigurationRequestSchema, type OpenIdConfigurationRequest } from './openid-configuration.schema.js';

/** `PUT /v1/openid/configuration`: full replacement. Issuances that wait for their holder go on with it as it is from then on. */
export function createReplaceOpenIdConfiguration(context: ApiContext): (request: Request, response: Response) => Promise<void> {
  const schema = openIdConfigurationRequestSchema(context.config.OUTBOUND_ALLOWED_HOSTS);
  return async (request, response) => {
    const body = await readBody(request, schema, context);
    note(response, body);
    const issuer = await writeOpenIdConfiguration(context, DEFAULT_ISSUER_ID, body);
    await context.directory.changed(DEFAULT_ISSUER_ID);
    response.json(toView(context, issuer));
  };
}

function note(response: Response, { interactionHook: hook }: OpenIdConfigurationRequest): void {
  (response.locals as EventLocals).eventData = {
    interactionHook: hook === undefined ? 'none' : hook.disabled ? 'disabled' : 'enabled',
    ...(hook?.rotateSecret === true ? { secretRotated: true } : {}),
  };
}
