import type { Request, Response } from 'express';
import { z } from 'zod';
import { payloadOf } from '../../../credentials/status/signed-jwt.js';
import { JWT_FORM } from '../../../credentials/status/status-forms.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { StatusListDocument } from '../../../store/status-documents.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import { after, pageOf, pageQuery } from '../pagination.js';
import { uuidParameter } from '../record-id.js';
import { readQuery } from '../validation.js';
import type { MobileStatusListView } from './status-list-configuration.schema.js';

export const mobileStatusListQuery = z.object(pageQuery);

/** `GET /v2/credentials/mobile/status-lists`: oldest first. */
export async function listMobileStatusLists(context: ApiContext, request: Request, response: Response): Promise<void> {
  const { limit, cursor } = readQuery(request, mobileStatusListQuery);
  const position = after<StatusListDocument>(cursor, { field: 'createdAt', order: 'ascending' });
  const lists = await context.db.statusLists
    .find({ $and: [{ issuerId: DEFAULT_ISSUER_ID, profile: 'mobile' }, ...position] })
    .sort({ createdAt: 1, _id: 1 })
    .limit(limit + 1)
    .toArray();
  const contents = await contentsOf(context, lists);
  const page = pageOf(lists, {
    limit,
    position: ({ createdAt, _id }) => ({ at: createdAt, id: _id }),
    view: (list) => toView(list, contents),
  });
  response.json(page);
}

/** `GET /v2/credentials/mobile/status-lists/{id}` */
export async function retrieveMobileStatusList(context: ApiContext, request: Request, response: Response): Promise<void> {
  const _id = uuidParameter(request);
  const list = await context.db.statusLists.findOne({ _id, issuerId: DEFAULT_ISSUER_ID, profile: 'mobile' });
  if (list === null) throw ManagementError.notFound('id', _id);
  response.json(toView(list, await contentsOf(context, [list])));
}

/** What lists say, as published: from the token, which is what verifiers see. */
async function contentsOf({ db }: ApiContext, lists: readonly StatusListDocument[]): Promise<ReadonlyMap<string, string>> {
  const published = await db.publishedStatusLists
    .find({ _id: { $in: lists.map(({ _id }) => _id) }, issuerId: DEFAULT_ISSUER_ID })
    .toArray();
  return new Map(
    published.map(({ _id, forms }) => {
      const { status_list: list } = payloadOf(forms[JWT_FORM] ?? '..') as { status_list?: { lst?: string } };
      return [_id, list?.lst ?? ''];
    }),
  );
}

function toView(
  { _id, iacaId, statusListConfigurationId, size }: StatusListDocument,
  contents: ReadonlyMap<string, string>,
): MobileStatusListView {
  return {
    id: _id,
    ...(iacaId === undefined ? {} : { iacaId }),
    ...(statusListConfigurationId === undefined ? {} : { statusListConfigurationId }),
    listSize: size,
    list: contents.get(_id) ?? '',
  };
}
