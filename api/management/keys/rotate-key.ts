import type { Request, Response } from 'express';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import { ROTATED_PURPOSES, rotateSigningKey } from '../../../store/key-rotation.js';
import { readSigningKeys } from '../../../store/signing-keys.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { toKeyView } from './key.schema.js';

/**
 * `POST /v1/keys/{purpose}/rotate`: publishes the next key of a purpose; a day later it signs. Where a rotation is under
 * way already, it goes on as it would. Answers with the keys of the purpose, newest first.
 */
export async function rotateKey(context: ApiContext, request: Request, response: Response): Promise<void> {
  const purpose = ROTATED_PURPOSES.find((each) => each === request.params.id);
  if (purpose === undefined) throw ManagementError.notFound('purpose');
  (response.locals as EventLocals).eventData = { purpose };
  const { db, directory, ring, stores, config, now } = context;
  const issuerId = DEFAULT_ISSUER_ID;
  const named = { host: new URL(config.PUBLIC_URL).hostname, identifier: config.PUBLIC_URL };
  await rotateSigningKey({ db, directory, ring, stores, issuerId, ...named, now: now(), purpose });
  response.json({ data: (await readSigningKeys({ db, issuerId }, purpose)).map(toKeyView) });
}
