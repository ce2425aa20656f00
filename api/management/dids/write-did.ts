import type { Request, Response } from 'express';
import { isDuplicateKey } from '../../../store/database.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { readBody } from '../validation.js';
import { makeDid, type NewDid } from './did-keys.js';
import { didParameter, didRecordId, didViews, ownDid, readDids } from './did-record.js';
import { didRequestSchema, type DidRequest } from './did.schema.js';

const MOST_DIDS = 50;

type Handler = (request: Request, response: Response) => Promise<void>;

/** `POST /v1/dids`: makes a DID with keys of its own. */
export function createCreateDid(context: ApiContext): Handler {
  const schema = didRequestSchema(context.config.PUBLIC_URL);
  return async (request, response) => {
    const body = await readBody(request, schema, context);
    await requireNew(context, body);
    const made = await makeDid(context, body);
    note(response, made.record.did);
    await insert(context, made);
    await context.directory.changed(DEFAULT_ISSUER_ID);
    const [, created] = didViews(context, { ...(await readDids(context)), dids: [made.record], keys: made.keys });
    response.status(201).json(created?.view);
  };
}

/** `DELETE /v1/dids/{did}`: destroys its keys. Refused for the issuer's own, and while anything signs with it. */
export async function deleteDid(context: ApiContext, request: Request, response: Response): Promise<void> {
  const issuerId = DEFAULT_ISSUER_ID;
  const { own, dids, keys } = await readDids(context);
  const did = didParameter(request, [own, ...dids.map((record) => record.did)]);
  note(response, did);
  if (did === own) throw refusal("The issuer's own DID cannot be deleted: it is that of its public URL");
  const record = dids.find((each) => each.did === did);
  if (record === undefined) throw ManagementError.notFound('did');
  const held = keys.filter(({ _id }) => record.keys.some(({ keyRef }) => keyRef === _id));
  await requireUnused(context, did);
  // The keys first: after a crash in between the DID is still there to be deleted again.
  await context.db.signingKeys.deleteMany({ _id: { $in: held.map(({ _id }) => _id) }, issuerId, purpose: 'did' });
  await context.db.dids.deleteOne({ _id: record._id, issuerId });
  try {
    // A configuration written in between saw the DID: it gets it back.
    await requireUnused(context, did, () => insert(context, { record, keys: held }));
  } finally {
    await context.directory.changed(issuerId);
  }
  response.status(204).end();
}

/** @throws {ManagementError} 409 for a DID that there is, and for one too many */
async function requireNew(context: ApiContext, { method, options }: DidRequest): Promise<void> {
  if (method === 'web') {
    if (options.url === ownDid(context)) throw conflict("This is the issuer's own DID, which is always there");
    if ((await context.db.dids.findOne({ _id: didRecordId(options.url) })) !== null) throw thereAlready();
  }
  await requireRoom(context, MOST_DIDS - 1);
}

async function requireRoom({ db }: ApiContext, most: number): Promise<void> {
  const count = await db.dids.countDocuments({ issuerId: DEFAULT_ISSUER_ID });
  if (count > most) throw conflict(`There are ${MOST_DIDS} DIDs already: delete one first`);
}

/** The record first: after a crash in between the DID is there to be deleted, and no key without a DID. */
async function insert(context: ApiContext, { record, keys }: NewDid): Promise<void> {
  const { db } = context;
  try {
    await db.dids.insertOne(record);
  } catch (error) {
    throw isDuplicateKey(error) ? thereAlready() : error;
  }
  try {
    // Of requests at once each may have seen room.
    await requireRoom(context, MOST_DIDS);
  } catch (error) {
    await db.dids.deleteOne({ _id: record._id });
    throw error;
  }
  await db.signingKeys.insertMany([...keys]);
}

/** @throws {ManagementError} 400 */
async function requireUnused({ db }: ApiContext, did: string, undo?: () => Promise<unknown>): Promise<void> {
  const by = { issuerId: DEFAULT_ISSUER_ID, issuerDid: did };
  const [configuration, list] = await Promise.all([
    db.credentialConfigurations.findOne(by, { projection: { _id: 1 } }),
    db.statusLists.findOne(by, { projection: { _id: 1 } }),
  ]);
  if (configuration === null && list === null) return;
  await undo?.();
  throw refusal(
    configuration !== null
      ? `The DID is used by the credential configuration ${configuration._id}`
      : `The DID signs the status list ${list?._id ?? ''}, which credentials refer to`,
  );
}

function refusal(message: string): ManagementError {
  return new ManagementError('BadRequest', message, { status: 400 });
}

function thereAlready(): ManagementError {
  return conflict('This DID is there already');
}

function conflict(message: string): ManagementError {
  return new ManagementError('Conflict', message, { status: 409 });
}

function note(response: Response, did: string): void {
  (response.locals as EventLocals).eventData = { did };
}
