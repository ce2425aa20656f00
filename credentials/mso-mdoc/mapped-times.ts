import type { MobileConfigurationDocument } from '../../store/configuration-documents.js';
import type { ClaimsSource } from '../claim-mapping.js';
import { parseClaimPath, valueAt } from '../claim-path.js';
import { instantOf, isFullDate } from './dates.js';

type Name = 'validFrom' | 'validUntil';

/** The times that a configuration maps from claims, in milliseconds since the epoch. */
export interface MappedTimes {
  /** Absent where nothing is mapped, or the claims have nothing there. */
  readonly validFrom?: number;
  readonly validUntil?: number;
  /** Which have a value that is no time. */
  readonly unusable: readonly Name[];
}

/** A date-time of RFC 3339, or a date, which stands for its first moment in UTC. */
export function mappedTimes(configuration: Pick<MobileConfigurationDocument, Name>, source: ClaimsSource): MappedTimes {
  const times: Partial<Record<Name, number>> = {};
  const unusable: Name[] = [];
  for (const name of ['validFrom', 'validUntil'] as const) {
    const mapFrom = configuration[name]?.mapFrom;
    const value = mapFrom === undefined ? undefined : valueAt(source, parseClaimPath(mapFrom));
    if (value === undefined) continue;
    const time = typeof value === 'string' ? instantOf(isFullDate(value) ? `${value}T00:00:00Z` : value) : undefined;
    if (time === undefined) unusable.push(name);
    else times[name] = time;
  }
  return { ...times, unusable };
}
