import type { Request } from 'express';
import { issuerDids, type IssuerDid } from '../../../keys/did-issuer.js';
import { didWebOf } from '../../../keys/did-web.js';
import type { IssuerDocument, SigningKeyDocument } from '../../../store/documents.js';
import type { DidRecordDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { DidView } from './did.schema.js';

/** The DIDs of the issuer as the database has them now. */
export interface DidRecords {
  /** The issuer's own did:web, which is always there. */
  readonly own: string;
  /** Oldest first. */
  readonly dids: readonly DidRecordDocument[];
  readonly keys: readonly SigningKeyDocument[];
  readonly issuer: IssuerDocument;
}

/** The issuer's own did:web. */
export function ownDid({ config }: Pick<ApiContext, 'config'>): string {
  return didWebOf(config.PUBLIC_URL);
}

/** `_id` of a DID's record. */
export function didRecordId(did: string): string {
  return `${DEFAULT_ISSUER_ID}/${did}`;
}

/** Reads past the issuer's snapshot, so that whoever wrote sees it. */
export async function readDids(context: ApiContext): Promise<DidRecords> {
  const issuerId = DEFAULT_ISSUER_ID;
  const [dids, keys, { issuer }] = await Promise.all([
    context.db.dids.find({ issuerId }).sort({ createdAt: 1, _id: 1 }).toArray(),
    context.db.signingKeys.find({ issuerId }).toArray(),
    context.directory.get(issuerId),
  ]);
  return { own: ownDid(context), dids, keys, issuer };
}

/** Every DID as the API shows it, with when it was made, the issuer's own first. */
export function didViews(
  { config }: ApiContext,
  { own, dids, keys, issuer }: DidRecords,
): { readonly view: DidView; readonly registered: Date }[] {
  const made = new Map(dids.map(({ did, createdAt }) => [did, createdAt]));
  return [...issuerDids({ keys, dids, issuerDid: own, origin: new URL(config.PUBLIC_URL).origin }).values()].map((did) => {
    const registered = made.get(did.did) ?? issuer.createdAt;
    return { view: toView(did, registered), registered };
  });
}

function toView({ did, keys, document }: IssuerDid, registered: Date): DidView {
  return {
    did,
    registrationStatus: 'COMPLETED',
    localMetadata: {
      keys: keys.map(({ verificationMethod, keyId }) => ({ didDocumentKeyId: verificationMethod, kmsKeyId: keyId })),
      registered: registered.getTime(),
      initialDidDocument: { ...document },
    },
  };
}

/**
 * The DID in the path, that of one of `known`. It should be percent-encoded as a whole; where its own percent signs are
 * not, it is taken as it stands.
 *
 * @throws {ManagementError} 404
 */
export function didParameter(request: Request, known: readonly string[]): string {
  const decoded = request.params.id;
  const sent = request.path.split('/').at(-1);
  const found = known.find((did) => did === decoded) ?? known.find((did) => did === sent);
  if (found === undefined) throw ManagementError.notFound('did');
  return found;
}
