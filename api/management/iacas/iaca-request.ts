import { readCertificatePem } from '../../../keys/certificate-pem.js';
import { hostCommonName } from '../../../keys/certificate-names.js';
import { BACKDATING_MS } from '../../../keys/certificate-signing.js';
import { LONGEST_IACA_YEARS } from '../../../keys/iaca-certificates.js';
import { iacaFaults } from '../../../keys/iaca-faults.js';
import type { NewManagedIaca } from '../../../store/certificate-iacas.js';
import type { KeyScope } from '../../../store/signing-keys.js';
import { ManagementError, type ErrorDetail } from '../../http/errors.js';
import type { IacaRequest } from './iaca.schema.js';

const DEFAULT_YEARS = 10;
/** A time that was now when the request was made. */
const UNDER_WAY_MS = 60_000;

/**
 * The certificate of an outside root, checked.
 *
 * @returns base64 DER
 * @throws {ManagementError} 400 with every fault
 */
export function requestedCertificate(pem: string, now: number): string {
  const read = readCertificatePem(pem);
  const faults = 'fault' in read ? [read.fault] : iacaFaults({ certificate: read.certificate, now });
  if ('fault' in read || faults.length > 0)
    throw ManagementError.validation(faults.map((msg) => ({ msg, param: 'certificatePem', location: 'body' })));
  return read.certificate;
}

/**
 * What a managed IACA is to be made of.
 *
 * @param options.country the issuer's
 * @throws {ManagementError} 400 with every fault
 */
export function requestedIaca(
  request: IacaRequest,
  { scope: { host, now }, country: own }: { scope: KeyScope; country: string },
): Omit<NewManagedIaca, 'iacaId'> {
  const { country = own, commonName = hostCommonName(host, 'IACA'), stateOrProvinceName } = request;
  const begin = request.notBefore === undefined ? now : Date.parse(request.notBefore);
  const notAfter = request.notAfter === undefined ? yearsAfter(begin, DEFAULT_YEARS) : Date.parse(request.notAfter);
  const faults: ErrorDetail[] = [
    ...fault(begin < now - UNDER_WAY_MS, 'notBefore', 'must not be in the past'),
    ...fault(begin > yearsAfter(now, LONGEST_IACA_YEARS), 'notBefore', `must be within ${LONGEST_IACA_YEARS} years from now`),
    ...fault(notAfter <= Math.max(begin, now), 'notAfter', 'must be after notBefore, and in the future'),
    ...fault(
      notAfter > yearsAfter(begin, LONGEST_IACA_YEARS),
      'notAfter',
      `must be at most ${LONGEST_IACA_YEARS} years after notBefore`,
    ),
    ...fault(
      stateOrProvinceName !== undefined && !stateOrProvinceName.startsWith(`${country}-`),
      'stateOrProvinceName',
      'must be a part of the country',
    ),
  ];
  if (faults.length > 0) throw ManagementError.validation(faults);
  const subject = { country, commonName, ...(stateOrProvinceName === undefined ? {} : { stateOrProvinceName }) };
  return { subject, notBefore: request.notBefore === undefined ? backdated(begin, notAfter) : begin, notAfter };
}

/** Valid at once, for verifiers whose clock is slow as well; and for 20 years at most even so. */
function backdated(begin: number, notAfter: number): number {
  return Math.max(begin - BACKDATING_MS, yearsAfter(notAfter, -LONGEST_IACA_YEARS));
}

function yearsAfter(time: number, years: number): number {
  const date = new Date(time);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.getTime();
}

function fault(isFault: boolean, param: string, msg: string): ErrorDetail[] {
  return isFault ? [{ msg, param, location: 'body' }] : [];
}
