import type { z } from 'zod';
import { mapFromFault } from '../../../credentials/claim-mapping-faults.js';
import { addDuration } from '../../../credentials/expiry.js';
import { longestValidityDays } from '../../../credentials/mso-mdoc/longest-validity.js';
import { checkMobileMappings } from '../../../credentials/mso-mdoc/mobile-mapping-faults.js';
import { certifiedSigner } from '../../../keys/credential-signers.js';
import type { MobileClaimMapping, MobileValueType } from '../../../store/configuration-documents.js';
import type { Duration } from '../../../store/documents.js';
import type { IssuerSnapshot } from '../../../store/issuer-directory.js';
import type { ErrorDetail } from '../../http/errors.js';

type Members = Readonly<Record<string, unknown>>;
type Context = Pick<z.core.$RefinementCtx, 'addIssue'>;

export const MOBILE_VALUE_TYPES = [
  'string',
  'int',
  'number',
  'boolean',
  'dateTime',
  'fullDate',
  'bytes',
  'object',
  'array',
  'drivingPrivileges',
] as const satisfies readonly MobileValueType[];

const DAY_MS = 86_400_000;

/** Lets a check run beside those that found faults already, so that all are told at once. It takes what may have any form. */
export const EVEN_IF_FAULTY = { when: ({ value }: z.core.ParsePayload) => isObject(value) };

/** Faults of claim mappings. Members whose form is at fault are told of elsewhere, and left out. */
export function addMappingFaults(mappings: unknown, context: Context): void {
  const read = mapMembers(mappings, (byElement) => mapMembers(byElement, wellFormedMapping));
  for (const { path, message } of checkMobileMappings(read)) context.addIssue({ code: 'custom', message, path: [...path] });
}

/** Faults between members of a configuration, of which each may be in order. */
export function addConfigurationFaults(configuration: unknown, context: Context): void {
  const { type, expiresIn, validFrom, validUntil } = membersOf(configuration);
  if (typeof type === 'string' && isDuration(expiresIn) && isTooLong(type, expiresIn)) {
    const message = `must not be longer than ${longestValidityDays(type)} days for this type`;
    context.addIssue({ code: 'custom', message, path: ['expiresIn'] });
  }
  for (const [name, time] of Object.entries({ validFrom, validUntil })) {
    const { mapFrom } = membersOf(time);
    const message = typeof mapFrom === 'string' ? mapFromFault(mapFrom) : undefined;
    if (message !== undefined) context.addIssue({ code: 'custom', message, path: [name, 'mapFrom'] });
  }
}

/** What the issuer lacks for mobile credentials; a holder would meet it as a credential that never comes. */
export function issuerFaults(
  snapshot: Pick<IssuerSnapshot, 'iacas' | 'certificateSigners'>,
  { now }: { now: number },
): ErrorDetail[] {
  if (certifiedSigner(snapshot, { kind: 'document-signer', now }) !== undefined) return [];
  const msg =
    'needs an active IACA with a document signer: create one at /v2/credentials/mobile/iacas and activate it, before mobile credentials are configured';
  return [{ msg, param: 'type', location: 'body' }];
}

/** Months and years are of different lengths; those that begin now may have some days more, and then are cut. */
function isTooLong(type: string, expiresIn: Duration): boolean {
  return addDuration(0, expiresIn) > longestValidityDays(type) * DAY_MS;
}

function wellFormedMapping(mapping: unknown): MobileClaimMapping {
  const { mapFrom, defaultValue, type } = membersOf(mapping);
  const knownType = type === undefined ? 'string' : MOBILE_VALUE_TYPES.find((known) => known === type);
  // What stands for a member at fault is one that has none.
  if (knownType === undefined || (mapFrom !== undefined && typeof mapFrom !== 'string')) return { defaultValue: '' };
  return {
    type: knownType,
    ...(mapFrom === undefined ? {} : { mapFrom }),
    ...(defaultValue === undefined ? {} : { defaultValue }),
  };
}

function isDuration(value: unknown): value is Duration {
  return isObject(value) && Object.values(value).every((part) => part === undefined || Number.isSafeInteger(part));
}

function mapMembers<T>(value: unknown, map: (member: unknown) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(membersOf(value)).map(([name, member]) => [name, map(member)]));
}

function membersOf(value: unknown): Members {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
