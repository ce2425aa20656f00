import type { ClaimMapping, ClaimMappings } from '../claim-mapping.js';
import { parseClaimPath } from '../claim-path.js';

/** What keeps a claim out of a W3C credential. */
export interface W3cClaimFault {
  /** The mapping's key, as given. */
  readonly claim: string;
  readonly member?: keyof ClaimMapping;
  /** A sentence without its subject. */
  readonly message: string;
}

/**
 * Faults of mappings that are otherwise sound (`checkClaimMappings`), for a W3C format: names that the data model reserves,
 * and disclosure that the proof cannot give.
 *
 * @param options.discloses whether the holder can withhold claims
 */
export function w3cClaimFaults(mappings: ClaimMappings, { discloses }: { discloses: boolean }): W3cClaimFault[] {
  return Object.entries(mappings).flatMap(([claim, mapping]) => [
    ...nameFaults(claim),
    ...disclosureFaults(claim, mapping, discloses),
  ]);
}

function nameFaults(claim: string): W3cClaimFault[] {
  const path = parseClaimPath(claim).map(String);
  if (path[0] === 'id') return [{ claim, message: 'uses id, which is the DID of the holder' }];
  const keyword = path.find((component) => component.startsWith('@'));
  return keyword === undefined ? [] : [{ claim, message: `uses ${keyword}: names that begin with @ are those of JSON-LD` }];
}

function disclosureFaults(
  claim: string,
  { selectiveDisclosure, selectiveDisclosureOfElements }: ClaimMapping,
  discloses: boolean,
): W3cClaimFault[] {
  const faults: W3cClaimFault[] = [];
  if (selectiveDisclosure === true && !discloses)
    faults.push({ claim, member: 'selectiveDisclosure', message: 'is not possible: holders show these credentials as a whole' });
  if (selectiveDisclosureOfElements === true)
    faults.push({ claim, member: 'selectiveDisclosureOfElements', message: 'is possible for SD-JWT only' });
  return faults;
}
