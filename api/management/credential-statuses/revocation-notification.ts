import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { statusUris } from '../../../credentials/status/status-uris.js';
import { statusOf } from '../../../store/change-status.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import { didRecordId, ownDid } from '../dids/did-record.js';
import { readBody } from '../validation.js';
import { requireCredential } from './credential-record.js';
import { revocationNotificationRequestSchema, type RevocationNotification } from './revocation-notification.schema.js';

/** What wallets know such a message by (product.md 10.3). */
const MESSAGE_TYPE = 'https://mattr.global/schemas/verifiable-credential/status/RevocationStatus';

/**
 * `POST /v2/credentials/web-semantic/{id}/revocation-status/notification`: a message (JWM) that tells a holder whether a
 * credential is revoked, for its sender to encrypt and send. Of the copies of a batch, which have one status, it names the
 * first.
 */
export async function createRevocationNotification(context: ApiContext, request: Request, response: Response): Promise<void> {
  const { from = ownDid(context), to } = await readBody(request, revocationNotificationRequestSchema, context);
  const record = await requireCredential(context, 'web-semantic', { request, response });
  await requireIssuerDid(context, from);
  const { db, config, now } = context;
  const [place] = record.statuses ?? [];
  const list = place && (await db.statusLists.findOne({ _id: place.listId, issuerId: DEFAULT_ISSUER_ID }));
  if (place === undefined || !list) throw ManagementError.notFound('id', record.credentialId);
  const message: RevocationNotification = {
    id: randomUUID(),
    type: MESSAGE_TYPE,
    to,
    from,
    created_time: now(),
    body: {
      revocationListCredential: statusUris({ issuerIdentifier: config.PUBLIC_URL, list }).uri,
      revocationListIndex: String(place.index),
      isRevoked: (await statusOf(db, record)) === 1,
    },
  };
  response.status(201).json(message);
}

/** A message comes from one of the issuer's DIDs, named with or without one of its keys. */
async function requireIssuerDid(context: ApiContext, from: string): Promise<void> {
  const [did = ''] = from.split('#');
  if (did === ownDid(context)) return;
  const _id = didRecordId(did);
  if ((await context.db.dids.countDocuments({ _id, issuerId: DEFAULT_ISSUER_ID }, { limit: 1 })) > 0) return;
  throw ManagementError.validation([{ msg: 'is none of the DIDs of this issuer', param: 'from', location: 'body' }]);
}
