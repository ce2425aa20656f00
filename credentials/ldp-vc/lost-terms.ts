import jsonld from 'jsonld';
import type { WebSemanticConfigurationDocument } from '../../store/configuration-documents.js';
import { mapClaims, type ClaimMappings } from '../claim-mapping.js';
import { credentialDocument } from '../verifiable-credential/credential-document.js';
import { credentialContexts } from './credential-contexts.js';
import { shownMembers } from './display-context.js';
import { loadPinnedDocument } from './document-loader.js';
import { resolveContexts } from './resolve-contexts.js';
import { statusMechanism } from './status-mechanism.js';

/** What JSON-LD would drop from a credential. */
export interface Lost {
  readonly properties: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
  /** What stopped it altogether, in the words of the JSON-LD API. */
  readonly error?: string;
}

interface JsonLdEvent {
  readonly code: string;
  readonly level: string;
  readonly details: { readonly property?: string; readonly type?: string };
}

/** Serves as text and as the identifier of a thing: what a value must be, only the contexts know. */
const SAMPLE_VALUE = 'urn:uuid:5f1c2d0e-3c5b-4a0e-9a43-d0a3c6b8f1a7';

/** Expands a sample of a configuration's credentials that has just the claims given, and notes all that is dropped. */
export async function lostInSample(
  configuration: WebSemanticConfigurationDocument,
  claimMappings: ClaimMappings,
  contexts: ReadonlyMap<string, string>,
): Promise<Lost> {
  const properties = new Set<string>();
  const types = new Set<string>();
  const others = new Set<string>();
  const note = ({ event: { code, level, details }, next }: { event: JsonLdEvent; next: () => void }) => {
    if (code === 'invalid property') properties.add(details.property ?? '');
    else if (code === 'relative @type reference') types.add(details.type ?? '');
    else if (level === 'warning') others.add(code);
    next();
  };
  try {
    const sample = sampleOf(configuration, claimMappings, contexts);
    await jsonld.expand(sample, { base: null, documentLoader: loadPinnedDocument, eventHandler: note } as object);
  } catch (error) {
    return { properties, types, error: reason(error) };
  }
  const [other] = others;
  return { properties, types, ...(other === undefined ? {} : { error: other }) };
}

function sampleOf(
  configuration: WebSemanticConfigurationDocument,
  mappings: ClaimMappings,
  contexts: ReadonlyMap<string, string>,
): object {
  const claimMappings = sampleMappings(mappings);
  const document = credentialDocument({
    input: {
      configuration: { ...configuration, claimMappings, holderBinding: false },
      claims: mapClaims({ mappings: claimMappings, source: { claims: {} } }).claims,
      holderKey: null,
      credentialId: SAMPLE_VALUE.slice('urn:uuid:'.length),
      ...(configuration.status === undefined
        ? {}
        : { status: { mechanism: statusMechanism(configuration), uri: 'https://issuer.example/list', index: 0 } }),
    },
    contexts: resolveContexts(credentialContexts(configuration), contexts),
    issuer: { id: 'did:example:issuer', ...configuration.issuer },
    shown: shownMembers(configuration),
    times: { issuedAt: 0, expiresAt: 0 },
  });
  return document;
}

/** Each claim with a value of its own. An object around claims that are mapped apart comes from them. */
function sampleMappings(mappings: ClaimMappings): ClaimMappings {
  return Object.fromEntries(
    Object.entries(mappings)
      .filter(([, { mapFrom, defaultValue }]) => mapFrom !== undefined || (defaultValue ?? undefined) !== undefined)
      .map(([claim, { defaultValue }]) => [claim, { defaultValue: defaultValue ?? SAMPLE_VALUE }]),
  );
}

/** The error's code, or for want of one its name: never a value. */
function reason(error: unknown): string {
  const { details, name } = error as { details?: { code?: unknown }; name: string };
  if (!(error instanceof Error) || !name.startsWith('jsonld.')) throw error;
  return typeof details?.code === 'string' ? details.code : name;
}
