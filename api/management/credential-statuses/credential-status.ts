import type { Request, Response } from 'express';
import type { CredentialProfile } from '../../../store/configuration-documents.js';
import { changeStatus, StatusFinalError, statusOf } from '../../../store/change-status.js';
import type { StatusValue } from '../../../store/status-documents.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { EventLocals } from '../../http/recorded.js';
import { readBody } from '../validation.js';
import { requireCredential, requireStatus, type CredentialRecord } from './credential-record.js';
import { statusRequestSchema } from './credential-status.schema.js';

type Handler = (request: Request, response: Response) => Promise<void>;

const NAMES = ['valid', 'invalid', 'suspended'] as const;

/**
 * `POST /v2/credentials/<profile>/{id}/status`: of all copies of the credential. Answered once its publication is certain:
 * verifiers see it within seconds, those that cached the list after its `ttl` at the latest. May be repeated.
 */
export function createSetStatus(context: ApiContext, profile: CredentialProfile): Handler {
  return async (request, response) => {
    const { status } = await readBody(request, statusRequestSchema, context);
    const record = await requireCredential(context, profile, { request, response });
    (response.locals as EventLocals).eventData = { credentialId: record.credentialId, status };
    requireStatus(record, 'status');
    requirePossible(record, status);
    await change(context, record, NAMES.indexOf(status) as StatusValue);
    response.status(201).json({ status });
  };
}

/** `GET /v2/credentials/<profile>/{id}/status` */
export function createRetrieveStatus(context: ApiContext, profile: CredentialProfile): Handler {
  return async (request, response) => {
    const record = await requireCredential(context, profile, { request, response });
    const status = await statusOf(context.db, record);
    if (status === undefined) throw ManagementError.notFound('id', record.credentialId);
    response.json({ status: NAMES[status] });
  };
}

function requirePossible({ statusPolicy }: CredentialRecord, status: (typeof NAMES)[number]): void {
  if (status !== 'suspended' || statusPolicy?.suspendable === true) return;
  const msg = 'must not be suspended: the credential was issued without the possibility, see statusPolicy.suspendable';
  throw ManagementError.validation([{ msg, param: 'status', location: 'body' }]);
}

async function change({ db, statusPublications, now }: ApiContext, owner: CredentialRecord, status: StatusValue): Promise<void> {
  try {
    await changeStatus({ db, publications: statusPublications, now }, { owner, status, reversible: false });
  } catch (error) {
    if (!(error instanceof StatusFinalError)) throw error;
    const msg = 'cannot be changed any more: the credential is invalid for good';
    throw ManagementError.validation([{ msg, param: 'status', location: 'body' }]);
  }
}
