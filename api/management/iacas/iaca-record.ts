import { toPem } from '../../../keys/certificate-pem.js';
import type { IacaDocument } from '../../../store/identity-documents.js';
import { DEFAULT_ISSUER_ID } from '../../../store/issuer-directory.js';
import type { ApiContext } from '../../context.js';
import { ManagementError } from '../../http/errors.js';
import type { IacaView } from './iaca.schema.js';

/** The record as the API shows it. */
export function toView(iaca: IacaDocument): IacaView {
  const { country, commonName, stateOrProvinceName } = iaca;
  return {
    id: iaca._id,
    active: iaca.active,
    certificatePem: toPem('CERTIFICATE', iaca.certificate),
    certificateData: {
      notBefore: new Date(iaca.notBefore).toISOString(),
      notAfter: new Date(iaca.notAfter).toISOString(),
      country,
      commonName,
      ...(stateOrProvinceName === undefined ? {} : { stateOrProvinceName }),
    },
    certificateFingerprint: iaca.fingerprint,
    isManaged: iaca.isManaged,
  };
}

/** @throws {ManagementError} 404 */
export async function requireIaca(context: ApiContext, id: string): Promise<IacaDocument> {
  const iaca = await findIaca(context, id);
  if (iaca === null) throw ManagementError.notFound('id', id);
  return iaca;
}

export function findIaca({ db }: ApiContext, id: string): Promise<IacaDocument | null> {
  return db.iacas.findOne({ _id: id, issuerId: DEFAULT_ISSUER_ID });
}
