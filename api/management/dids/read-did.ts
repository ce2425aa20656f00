import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { pageOf, pageQuery, type Position } from '../pagination.js';
import { readQuery } from '../validation.js';
import { didParameter, didViews, readDids } from './did-record.js';

export const didListQuery = z.object(pageQuery);

/** `GET /v1/dids/{did}` */
export async function retrieveDid(context: ApiContext, request: Request, response: Response): Promise<void> {
  const views = didViews(context, await readDids(context));
  const did = didParameter(
    request,
    views.map(({ view }) => view.did),
  );
  (response.locals as EventLocals).eventData = { did };
  const found = views.find(({ view }) => view.did === did);
  if (found === undefined) throw ManagementError.notFound('did');
  response.json(found.view);
}

/** `GET /v1/dids`: the issuer's own, then the others, oldest first. There are few enough to read them all. */
export async function listDids(context: ApiContext, request: Request, response: Response): Promise<void> {
  const { limit, cursor } = readQuery(request, didListQuery);
  const [own, ...others] = didViews(context, await readDids(context));
  const all = [...(own === undefined ? [] : [{ ...own, registered: new Date(0) }]), ...others];
  const placed = all.map(({ view, registered }) => ({ view, position: { at: registered, id: shortName(view.did) } }));
  const rest = placed.sort((a, b) => compare(a.position, b.position)).filter(({ position }) => isAfter(position, cursor));
  response.json(pageOf(rest, { limit, position: ({ position }) => position, view: ({ view }) => view }));
}

/** A DID may be longer than a cursor can be. */
function shortName(did: string): string {
  return createHash('sha256').update(did).digest('base64url');
}

function isAfter(position: Position, cursor: Position | undefined): boolean {
  return cursor === undefined || compare(position, cursor) > 0;
}

function compare(a: Position, b: Position): number {
  const apart = a.at.getTime() - b.at.getTime();
  if (apart !== 0) return apart;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
