import type { MobileClaimMapping, MobileConfigurationDocument } from '../../store/configuration-documents.js';
import { mapFromFault } from '../claim-mapping-faults.js';
import { valueOf } from './mobile-elements.js';

/** What is wrong with a configuration's mappings: where (namespace, element, member), and a sentence without its subject. */
export interface MobileMappingFault {
  readonly path: readonly string[];
  readonly message: string;
}

const MOST_NAMESPACES = 20;
const MOST_CLAIMS = 300;
const LONGEST_NAME = 255;

/** Every fault of a configuration's claim mappings; none of the messages holds a value. */
export function checkMobileMappings(mappings: MobileConfigurationDocument['claimMappings']): MobileMappingFault[] {
  const namespaces = Object.entries(mappings);
  const claims = namespaces.reduce((count, [, byElement]) => count + Object.keys(byElement).length, 0);
  if (namespaces.length > MOST_NAMESPACES) return [{ path: [], message: `are of more than ${MOST_NAMESPACES} namespaces` }];
  if (claims > MOST_CLAIMS) return [{ path: [], message: `are more than ${MOST_CLAIMS} claims` }];
  if (claims === 0) return [{ path: [], message: 'are none, and an mdoc has at least one claim' }];
  return namespaces.flatMap(([namespace, byElement]) => [
    ...namesFaults([namespace]),
    ...Object.entries(byElement).flatMap(([element, mapping]) => [
      ...namesFaults([namespace, element]),
      ...mappingFaults(namespace, element, mapping),
    ]),
  ]);
}

function namesFaults(path: readonly string[]): MobileMappingFault[] {
  const message = nameFault(path.at(-1) ?? '');
  if (message !== undefined) return [{ path, message }];
  if (path.length === 2 && path[1]?.includes('/') === true) return [{ path, message: 'has a slash in its name' }];
  return [];
}

function nameFault(name: string): string | undefined {
  if (name === '') return 'has an empty name';
  if (name.length > LONGEST_NAME) return `has a name of more than ${LONGEST_NAME} characters`;
  if (/[\p{Cc}\p{Surrogate}]/u.test(name) || name.trim() !== name)
    return 'has a name with control characters, or white space at an end';
  // Two spellings of one name would look alike, and be two claims.
  return name.normalize('NFC') === name ? undefined : 'has a name that is not in Unicode normalization form C';
}

function mappingFaults(namespace: string, element: string, mapping: MobileClaimMapping): MobileMappingFault[] {
  const { mapFrom, defaultValue, type = 'string' } = mapping;
  const path = [namespace, element];
  const fault = mapFrom === undefined ? undefined : mapFromFault(mapFrom);
  const isUnfit = defaultValue !== undefined && valueOf({ namespace, element, type }, defaultValue) === undefined;
  return [
    ...(mapFrom === undefined && defaultValue === undefined ? [{ path, message: 'needs mapFrom or defaultValue' }] : []),
    ...(fault === undefined ? [] : [{ path: [...path, 'mapFrom'], message: fault }]),
    ...(isUnfit ? [{ path: [...path, 'defaultValue'], message: `is no value of the type ${type} that the claim can have` }] : []),
  ];
}
