import type { z } from 'zod';
import type { CredentialConfigurationDocument } from '../../../store/configuration-documents.js';
import type { StoredDocument } from '../../../store/documents.js';
import type { IssuerSnapshot } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import type { ErrorDetail } from '../../http/errors.js';

/** What every record has beside its members. */
export interface RecordMembers extends StoredDocument {
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What a request of every kind has. */
export interface CommonRequest {
  readonly claimSourceId?: string;
}

/** One kind of credential configurations: what is its own about the resource at `/v2/credentials/<profile>/configurations`. */
export interface ConfigurationKind<C extends CredentialConfigurationDocument, R extends CommonRequest> {
  readonly profile: C['profile'];
  /** Types are unique within it. */
  readonly typeNamespace: string;
  /** Of its events. */
  readonly category: string;
  readonly stem: string;
  /** Of its operations in the API's description. */
  readonly tag: string;
  readonly requestSchema: z.ZodObject;
  /** What is read. */
  readonly schema: z.ZodType;
  toDocument(request: R, record: RecordMembers): C;
  /** The members that the API shows, beside the id. `document` has neither ids nor dates nor the profile. */
  toView(document: Omit<C, '_id' | 'issuerId' | 'profile' | 'createdAt' | 'updatedAt'>): Readonly<Record<string, unknown>>;
  /** What of it cannot work as the issuer stands: keys, certificates, contexts. Every fault at once. */
  faults?(document: C, about: { readonly context: ApiContext; readonly snapshot: IssuerSnapshot }): Promise<ErrorDetail[]>;
}

/** A kind whose own types nobody needs to know. */
export type AnyConfigurationKind = ConfigurationKind<CredentialConfigurationDocument, CommonRequest>;
