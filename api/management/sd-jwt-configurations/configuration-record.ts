import type { z } from 'zod';
import type { CredentialConfigurationDocument } from '../../../store/documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { Exact } from '../validation.js';
import type { ConfigurationRequest, configurationSchema } from './configuration.schema.js';

/** The record that a request describes. */
export function toDocument(
  request: ConfigurationRequest,
  { id, createdAt, updatedAt }: { id: string; createdAt: Date; updatedAt: Date },
): CredentialConfigurationDocument {
  const { type, claimMappings, claimSourceId, expiresIn, branding, display, holderBinding } = request;
  return {
    _id: id,
    issuerId: DEFAULT_ISSUER_ID,
    profile: 'sd-jwt',
    type,
    claimMappings,
    ...(claimSourceId === undefined ? {} : { claimSourceId }),
    ...(expiresIn === undefined ? {} : { expiresIn }),
    ...(branding === undefined ? {} : { branding }),
    ...(display === undefined ? {} : { display }),
    holderBinding,
    createdAt,
    updatedAt,
  };
}

/** The record as the API shows it. */
export function toView(document: CredentialConfigurationDocument): Exact<z.output<typeof configurationSchema>> {
  const { _id, issuerId: _issuer, profile: _profile, createdAt: _created, updatedAt: _updated, ...members } = document;
  return { id: _id, ...members } as Exact<z.output<typeof configurationSchema>>;
}

/** @throws {ManagementError} 404 */
export async function requireConfiguration({ db }: ApiContext, id: string): Promise<CredentialConfigurationDocument> {
  const document = await db.credentialConfigurations.findOne({ _id: id, issuerId: DEFAULT_ISSUER_ID });
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
  { claimSourceId }: Pick<ConfigurationRequest, 'claimSourceId'>,
  undo?: () => Promise<unknown>,
): Promise<void> {
  if (claimSourceId === undefined) return;
  const source = await db.claimSources.findOne({ _id: claimSourceId, issuerId: DEFAULT_ISSUER_ID }, { projection: { _id: 1 } });
  if (source !== null) return;
  await undo?.();
  throw ManagementError.validation([{ msg: 'is not the id of a claims source', param: 'claimSourceId', location: 'body' }]);
}
