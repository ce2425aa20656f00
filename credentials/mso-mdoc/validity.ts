import type { MobileConfigurationDocument } from '../../store/configuration-documents.js';
import type { ClaimsSource } from '../claim-mapping.js';
import { CredentialContentError } from '../credential-content-error.js';
import { cut, timeStep } from '../credential-times.js';
import { addDuration, durationFault } from '../expiry.js';
import { longestValidityDays } from './longest-validity.js';
import { mappedTimes } from './mapped-times.js';

const DAY_MS = 86_400_000;

/** `validityInfo` of an MSO, in seconds since the epoch. */
export interface MobileValidity {
  readonly signed: number;
  readonly validFrom: number;
  readonly validUntil: number;
}

/**
 * When an mdoc was signed and is valid (MDC-04): `signed <= validFrom < validUntil`, all within the document signer's
 * certificate. It ends at `validUntil` where that is mapped, else `expiresIn` after the issuance, and in any case no later
 * than the longest validity of its docType after the issuance. A mapped `validFrom` that has passed means now. Times are
 * rounded inwards like those of other credentials (`credentialTimes`, MDC-11).
 *
 * @param options.certificate its times, in milliseconds since the epoch
 * @param options.now likewise
 * @throws {CredentialContentError} where nothing is left between beginning and end, or a mapped time is none
 */
export function mobileValidity({
  configuration,
  source,
  certificate: { notBefore, notAfter },
  now,
}: {
  configuration: Pick<MobileConfigurationDocument, 'type' | 'expiresIn' | 'validFrom' | 'validUntil'>;
  source: ClaimsSource;
  certificate: { readonly notBefore: number; readonly notAfter: number };
  now: number;
}): MobileValidity {
  const { type, expiresIn } = configuration;
  const mapped = mappedTimes(configuration, source);
  if (mapped.unusable.length > 0) throw new CredentialContentError(`${mapped.unusable.join(' and ')} maps to no date-time`);
  const fault = durationFault(expiresIn);
  if (fault !== undefined) throw new CredentialContentError(`the configuration's expiresIn ${fault}`);

  const longest = longestValidityDays(type) * DAY_MS;
  const endFrom = (issuance: number) =>
    Math.min(mapped.validUntil ?? addDuration(issuance, expiresIn), issuance + longest, notAfter);
  const step = timeStep(endFrom(now) - now);
  // A certificate made this hour begins after the cut.
  const signed = Math.max(cut(now, step), Math.ceil(notBefore / 1000));
  const validFrom = mapped.validFrom === undefined ? signed : Math.max(signed, -cut(-mapped.validFrom, step));
  const validUntil = cut(endFrom(signed * 1000), step);
  if (validUntil <= validFrom) throw new CredentialContentError('the credential would end before it begins');
  return { signed, validFrom, validUntil };
}
