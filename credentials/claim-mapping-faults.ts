import type { ClaimMapping, ClaimMappings } from './claim-mapping.js';
import { ClaimPathError, formatClaimPath, parseClaimPath, type ClaimPath } from './claim-path.js';
import { isUsableValue } from './claim-value.js';

/** What is wrong with one mapping. */
export interface ClaimMappingFault {
  /** The mapping's key, as given. */
  readonly claim: string;
  /** The member of the mapping that is at fault; absent where the key itself is. */
  readonly member?: keyof ClaimMapping;
  /** A sentence without its subject, e.g. `is a reserved name`. */
  readonly message: string;
}

const MOST_CLAIMS = 300;
const DEEPEST_PATH = 8;
/** Claims that the issuer sets itself (SDV-03, and `iat`). */
const SET_BY_ISSUER: ReadonlySet<string> = new Set(['iss', 'iat', 'nbf', 'exp', 'cnf', 'vct', 'vct#integrity', 'status']);
/** Names that SD-JWT gives a meaning, or that every JavaScript object inherits a member of. */
const RESERVED: ReadonlySet<string> = new Set([
  '_sd',
  '...',
  '_sd_alg',
  'prototype',
  ...Object.getOwnPropertyNames(Object.prototype),
]);

/** Every fault of a configuration's claim mappings; none of the messages holds a value. */
export function checkClaimMappings(mappings: ClaimMappings): ClaimMappingFault[] {
  const entries = Object.entries(mappings);
  if (entries.length > MOST_CLAIMS) return [{ claim: '', message: `are more than ${MOST_CLAIMS} claims` }];
  const paths = new Map<string, ClaimPath>();
  const faults: ClaimMappingFault[] = [];
  for (const [claim, mapping] of entries) {
    const path = readPath(claim);
    const fault = typeof path === 'string' ? path : pathFault(path);
    if (fault !== undefined) faults.push({ claim, message: fault });
    else if (typeof path !== 'string') paths.set(claim, path);
    faults.push(...valueFaults(mapping).map((found) => ({ claim, ...found })));
  }
  return [...faults, ...structureFaults(mappings, paths)];
}

function readPath(text: string): ClaimPath | string {
  try {
    return parseClaimPath(text);
  } catch (error) {
    if (error instanceof ClaimPathError) return error.message;
    throw error;
  }
}

function pathFault(path: ClaimPath): string | undefined {
  if (path.length > DEEPEST_PATH) return `is more than ${DEEPEST_PATH} levels deep`;
  for (const [depth, component] of path.entries()) {
    if (typeof component === 'number') return 'names an array element; map the whole array';
    if (component === '') return 'has an empty name';
    if (RESERVED.has(component)) return `uses the reserved name ${component}`;
    if (depth === 0 && SET_BY_ISSUER.has(component)) return `uses ${component}, which the issuer sets itself`;
  }
  return undefined;
}

type ValueFault = Omit<ClaimMappingFault, 'claim'>;

function valueFaults({ mapFrom, defaultValue, selectiveDisclosureOfElements }: ClaimMapping): ValueFault[] {
  const faults: ValueFault[] = [];
  const message = mapFrom === undefined ? undefined : mapFromFault(mapFrom);
  if (message !== undefined) faults.push({ member: 'mapFrom', message });
  if (defaultValue !== undefined && !isUsableValue(defaultValue)) {
    faults.push({ member: 'defaultValue', message: 'is null, nested too deep, or uses a reserved name' });
  } else if (defaultValue !== undefined && selectiveDisclosureOfElements === true && !Array.isArray(defaultValue)) {
    faults.push({ member: 'defaultValue', message: 'must be an array, since its elements are disclosed one by one' });
  }
  return faults;
}

/** What is wrong with a `mapFrom`, as a sentence without its subject; `undefined` where it can be used. */
export function mapFromFault(mapFrom: string): string | undefined {
  const path = readPath(mapFrom);
  return typeof path === 'string' ? path : sourceFault(path);
}

function sourceFault([root, member, ...rest]: ClaimPath): string | undefined {
  if (root === 'claims' && typeof member === 'string') return undefined;
  if (root === 'authenticationProvider' && (member === 'url' || member === 'subjectId') && rest.length === 0) return undefined;
  return 'must begin with claims. or be authenticationProvider.url or authenticationProvider.subjectId';
}

function structureFaults(mappings: ClaimMappings, paths: ReadonlyMap<string, ClaimPath>): ClaimMappingFault[] {
  const byName = new Map<string, string>();
  const containers = new Map<string, string>();
  const faults: ClaimMappingFault[] = [];
  for (const [claim, path] of paths) {
    const twin = byName.get(formatClaimPath(path));
    if (twin === undefined) byName.set(formatClaimPath(path), claim);
    else faults.push({ claim, message: `is the same claim as ${twin}` });
    for (let depth = 1; depth < path.length; depth += 1) containers.set(formatClaimPath(path.slice(0, depth)), claim);
  }
  for (const [name, claim] of byName) {
    const mapping = mappings[claim] ?? {};
    const hasValue = mapping.mapFrom !== undefined || mapping.defaultValue !== undefined;
    const member = containers.get(name);
    if (member === undefined && !hasValue) faults.push({ claim, message: 'needs mapFrom or defaultValue' });
    if (member !== undefined && hasValue)
      faults.push({ claim, message: `cannot have a value of its own while ${member} is mapped apart` });
    if (member !== undefined && mapping.selectiveDisclosureOfElements === true) {
      faults.push({ claim, member: 'selectiveDisclosureOfElements', message: 'is for arrays, and this claim is an object' });
    }
  }
  return faults;
}
