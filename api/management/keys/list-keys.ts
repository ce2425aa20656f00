import type { Request, Response } from 'express';
import { z } from 'zod';
import type { SigningKeyDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import { ROTATED_PURPOSES } from '../../../store/key-rotation.js';
import type { ApiContext } from '../../context.js';
import { after, pageOf, pageQuery } from '../pagination.js';
import { readQuery } from '../validation.js';
import { toKeyView } from './key.schema.js';

export const keyListQuery = z.object(pageQuery);

/** `GET /v1/keys`: the issuer's keys that are rotated, newest first. Those of DIDs and certificates are with theirs. */
export async function listKeys({ db }: ApiContext, request: Request, response: Response): Promise<void> {
  const { limit, cursor } = readQuery(request, keyListQuery);
  const keys = await db.signingKeys
    .find({
      $and: [
        { issuerId: DEFAULT_ISSUER_ID, purpose: { $in: [...ROTATED_PURPOSES] } },
        ...after<SigningKeyDocument>(cursor, { field: 'createdAt', order: 'descending' }),
      ],
    })
    .sort({ createdAt: -1, _id: -1 })
    .limit(limit + 1)
    .toArray();
  response.json(pageOf(keys, { limit, position: ({ createdAt, _id }) => ({ at: createdAt, id: _id }), view: toKeyView }));
}
