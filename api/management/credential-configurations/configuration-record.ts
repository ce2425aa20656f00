import type { CredentialConfigurationDocument } from '../../../store/configuration-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { AnyConfigurationKind, CommonRequest } from './configuration-kind.js';

/** The record as the API shows it. */
export function toView(kind: AnyConfigurationKind, document: CredentialConfigurationDocument): Readonly<Record<string, unknown>> {
  const { _id, issuerId: _issuer, profile: _profile, createdAt: _created, updatedAt: _updated, ...members } = document;
  return { id: _id, ...kind.toView(members) };
}

/** @throws {ManagementError} 404 */
export async function requireConfiguration(
  { db }: ApiContext,
  { profile }: AnyConfigurationKind,
  id: string,
): Promise<CredentialConfigurationDocument> {
  const document = await db.credentialConfigurations.findOne({ _id: id, issuerId: DEFAULT_ISSUER_ID, profile });
  if (document === null) throw ManagementError.notFound('id', id);
  return document;
}

/**
 * Makes sure that the claims source a configuration names is there.
 *
 * @param undo takes the configuration's write back, where it was written already
 * @throws {ManagementError} 400
 */
export async function requireClaimSource(
  { db }: ApiContext,
  { claimSourceId }: CommonRequest,
  undo?: () => Promise<unknown>,
): Promise<void> {
  if (claimSourceId === undefined) return;
  const source = await db.claimSources.findOne({ _id: claimSourceId, issuerId: DEFAULT_ISSUER_ID }, { projection: { _id: 1 } });
  if (source !== null) return;
  await undo?.();
  throw ManagementError.validation([{ msg: 'is not the id of a claims source', param: 'claimSourceId', location: 'body' }]);
}
