import { setImmediate } from 'node:timers/promises';
import type { WebSemanticConfigurationDocument } from '../../store/configuration-documents.js';
import { parseClaimPath } from '../claim-path.js';
import type { ClaimMappings } from '../claim-mapping.js';
import { UnknownContextError } from './document-loader.js';
import { lostInSample, type Lost } from './lost-terms.js';
import { resolveContexts } from './resolve-contexts.js';

/** Something that no context defines. */
export interface TermFault {
  /** The configuration's member, e.g. `contexts[0]` or `claimMappings.given_name`. */
  readonly param: string;
  /** A sentence without its subject. */
  readonly message: string;
}

type UploadedContexts = ReadonlyMap<string, string>;

const MOST_FAULTS = 100;

/**
 * Everything in a configuration that its contexts do not define, so that it is told when the configuration is saved and not
 * when a holder waits: a sample credential is expanded as an issued one would be.
 *
 * @param contexts those that the issuer uploaded, JSON text by URL
 */
export async function termFaults(
  configuration: WebSemanticConfigurationDocument,
  contexts: UploadedContexts,
): Promise<TermFault[]> {
  const unknown = unknownContexts(configuration, contexts);
  if (unknown.length > 0) return unknown;
  const lost = await lostInSample(configuration, {}, contexts);
  if (lost.error !== undefined) return [{ param: 'contexts', message: `do not work together: ${lost.error}` }];
  const faults = [...documentFaults(configuration, lost), ...(await claimFaults(configuration, lost, contexts))];
  return faults.slice(0, MOST_FAULTS);
}

function unknownContexts({ contexts }: WebSemanticConfigurationDocument, uploaded: UploadedContexts): TermFault[] {
  return contexts.flatMap((url, index) => {
    try {
      resolveContexts([url], uploaded);
      return [];
    } catch (error) {
      if (!(error instanceof UnknownContextError)) throw error;
      return [{ param: `contexts[${index}]`, message: 'is neither built in nor uploaded: upload it as a context first' }];
    }
  });
}

function documentFaults({ type, additionalTypes }: WebSemanticConfigurationDocument, { properties, types }: Lost): TermFault[] {
  const message = 'is a type that no context defines';
  return [
    ...[...properties].map((name) => ({ param: 'contexts', message: `do not define ${name}, which every credential has` })),
    ...(types.has(type) ? [{ param: 'type', message }] : []),
    ...additionalTypes.flatMap((name, index) => (types.has(name) ? [{ param: `additionalTypes[${index}]`, message }] : [])),
  ];
}

/** Claim by claim, if there is anything at all. A `type` is there with each, since a context may define terms for one type only. */
async function claimFaults(
  configuration: WebSemanticConfigurationDocument,
  ofDocument: Lost,
  contexts: UploadedContexts,
): Promise<TermFault[]> {
  const { claimMappings } = configuration;
  const types = only(claimMappings, isType);
  const faults = untypedFaults(types);
  const together = await lostInSample(configuration, claimMappings, contexts);
  if (together.error === undefined && terms(together).length === terms(ofDocument).length) return faults;
  const ofTypes = await lostInSample(configuration, types, contexts);
  for (const claim of Object.keys(claimMappings)) {
    if (faults.length >= MOST_FAULTS) break;
    const sample = isType(claim)
      ? only(types, (name) => name === claim)
      : { ...types, ...only(claimMappings, (name) => name === claim) };
    const before = new Set(terms(isType(claim) || ofTypes.error !== undefined ? ofDocument : ofTypes));
    // Others are served in between.
    await setImmediate();
    const { error, ...lost } = await lostInSample(configuration, sample, contexts);
    const param = `claimMappings.${claim}`;
    if (error !== undefined) faults.push({ param, message: `does not fit its context: ${error}` });
    for (const term of terms(lost).filter((name) => !before.has(name)))
      faults.push({ param, message: `uses ${term}, which no context defines` });
  }
  return faults;
}

function untypedFaults(types: ClaimMappings): TermFault[] {
  return Object.entries(types)
    .filter(([, { defaultValue }]) => (defaultValue ?? undefined) === undefined)
    .map(([claim]) => ({
      param: `claimMappings.${claim}`,
      message: 'needs a defaultValue: what other claims mean may depend on it',
    }));
}

function terms({ properties, types }: Pick<Lost, 'properties' | 'types'>): string[] {
  return [...properties, ...types];
}

function isType(claim: string): boolean {
  return parseClaimPath(claim).at(-1) === 'type';
}

function only(mappings: ClaimMappings, isWanted: (claim: string) => boolean): ClaimMappings {
  return Object.fromEntries(Object.entries(mappings).filter(([claim]) => isWanted(claim)));
}
